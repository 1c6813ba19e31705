using System.Buffers;
using System.ComponentModel.DataAnnotations;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>A rating as a client sends it. Members that are not listed here are accepted and echoed.</summary>
/// <param name="Score">How good it was: a whole number from 1 (worst) to 5 (best).</param>
/// <param name="Subject">What is rated: 1 to 100 characters without control characters and '/'. Absent or null: <c>openclaw</c>.</param>
/// <param name="Comment">Free text, up to 2000 characters. Echoed, not kept.</param>
internal sealed record Rating(
    [property: Range(Rating.MinScore, Rating.MaxScore)] int Score,
    [property: MinLength(1), MaxLength(Rating.MaxSubjectLength)] string? Subject = null,
    [property: MaxLength(Rating.MaxCommentLength)] string? Comment = null)
{
    public const int MinScore = 1;
    public const int MaxScore = 5;
    public const int MaxSubjectLength = 100;
    public const int MaxCommentLength = 2000;

    /// <summary>What a score has to be, as it is put to clients.</summary>
    public const string ScoreRule = "an integer from 1 to 5";

    /// <summary>The subject of a rating that names none.</summary>
    public const string DefaultSubject = "openclaw";

    /// <summary>Characters that a subject could not have in the path of its summary.</summary>
    public static SearchValues<char> ForbiddenInSubject { get; } =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(char.IsControl), '/']);
}
