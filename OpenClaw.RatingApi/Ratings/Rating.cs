using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>A rating as a client sends it. Other members are accepted and echoed.</summary>
// Public because the validation generator ignores internal types.
public sealed class Rating
{
    internal const int MinScore = 1;
    internal const int MaxScore = 5;

    /// <summary>Default subject.</summary>
    internal const string DefaultSubject = "openclaw";

    /// <summary>How good it was: a whole number from 1 (worst) to 5 (best).</summary>
    [Required(ErrorMessage = "score is required: an integer from 1 to 5.")]
    [Range(MinScore, MaxScore, ErrorMessage = "score must be an integer from 1 to 5.")]
    public int? Score { get; init; }

    /// <summary>What is rated: 1 to 100 characters without control characters and '/'. Absent or null: <c>openclaw</c>.</summary>
    [Length(1, 100, ErrorMessage = "subject must have 1 to 100 characters.")]
    [RegularExpression(
        @"(?!\.{1,2}$)[^/\p{Cc}]*",
        ErrorMessage = """subject must not contain '/' or control characters, nor be "." or "..": """
            + "it has to fit in the path /ratings/{{subject}}.")]
    public string? Subject { get; init; }

    /// <summary>Free text, up to 2000 characters. Echoed, not kept.</summary>
    [MaxLength(2000, ErrorMessage = "comment must have at most 2000 characters.")]
    public string? Comment { get; init; }

    /// <summary>Further members, which are echoed.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
