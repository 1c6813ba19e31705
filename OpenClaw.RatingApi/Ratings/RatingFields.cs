using System.Text.Json;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>The members of a rating as they are read, with what is wrong with them.</summary>
internal ref struct RatingFields
{
    private const string Score = "score";
    private const string Subject = "subject";
    private const string Comment = "comment";

    private FieldErrors? _errors;
    private HashSet<string>? _otherNames;
    private int? _score;
    private string? _subject;
    private bool _hasScore;
    private bool _hasSubject;
    private bool _hasComment;

    /// <summary>Reads one member; the reader is at its name before, and at the end of its value after.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped && TextOf(ref reader) is null)
        {
            Fail(FieldErrors.Body, "has a member whose name contains half of a surrogate pair, which is not a character.");
            reader.Skip();
        }
        else if (reader.ValueTextEquals("score"u8))
        {
            Once(ref _hasScore, Score);
            reader.Read();
            ReadScore(ref reader);
        }
        else if (reader.ValueTextEquals("subject"u8))
        {
            Once(ref _hasSubject, Subject);
            reader.Read();
            ReadSubject(ref reader);
        }
        else if (reader.ValueTextEquals("comment"u8))
        {
            Once(ref _hasComment, Comment);
            reader.Read();
            ReadComment(ref reader);
        }
        else
        {
            ReadOther(ref reader);
        }
    }

    /// <summary>The rating, or every error.</summary>
    public FieldErrors? Complete(out Rating rating)
    {
        if (!_hasScore)
        {
            Fail(Score, $"is required: {Rating.ScoreRule}.");
        }

        rating = _errors is null ? new Rating(_score.GetValueOrDefault(), _subject) : default!;
        return _errors;
    }

    private void ReadScore(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            Fail(Score, $"must be {Rating.ScoreRule}, not {JsonKind.Of(reader.TokenType)}.");
            reader.Skip();
        }
        // 4.0 and 4e0 are integers to JSON Schema, and some clients write every number that way.
        else if (reader.TryGetInt32(out int score) || (reader.TryGetDecimal(out decimal number) && IsInteger(number, out score)))
        {
            _score = score;
            if (score is < Rating.MinScore or > Rating.MaxScore)
            {
                Fail(Score, $"must be {Rating.ScoreRule}.");
            }
        }
        else
        {
            Fail(Score, $"must be {Rating.ScoreRule}.");
        }
    }

    private static bool IsInteger(decimal number, out int integer)
    {
        bool fits = decimal.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue;
        integer = fits ? (int)number : 0;
        return fits;
    }

    private void ReadSubject(ref Utf8JsonReader reader)
    {
        if (ReadText(ref reader, Subject, Rating.MaxSubjectLength) is not { } subject)
        {
            return;
        }

        _subject = subject;
        if (subject.Length == 0)
        {
            Fail(Subject, "must not be empty; leave it out to rate OpenClaw itself.");
        }
        else if (subject is "." or ".." || subject.AsSpan().ContainsAny(Rating.ForbiddenInSubject))
        {
            Fail(Subject, "must not contain '/' or control characters, nor be \".\" or \"..\": it has to fit in the path /ratings/{subject}.");
        }
    }

    private void ReadComment(ref Utf8JsonReader reader) => ReadText(ref reader, Comment, Rating.MaxCommentLength);

    /// <summary>A string no longer than <paramref name="maxLength"/>; null when it is null or wrong.</summary>
    private string? ReadText(ref Utf8JsonReader reader, string field, int maxLength)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            Fail(field, $"must be a string of up to {maxLength} characters, not {JsonKind.Of(reader.TokenType)}.");
            reader.Skip();
            return null;
        }

        if (TextOf(ref reader) is not { } text)
        {
            Fail(field, "contains half of a surrogate pair, which is not a character.");
            return null;
        }

        if (text.Length > maxLength)
        {
            Fail(field, $"must have at most {maxLength} characters; it has {text.Length}.");
            return null;
        }

        return text;
    }

    /// <summary>An unknown member is nobody's mistake (clients are newer than servers); the same one twice is.</summary>
    private void ReadOther(ref Utf8JsonReader reader)
    {
        string name = reader.GetString()!;
        if (!(_otherNames ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
        {
            Fail(name, "must appear only once.");
        }

        reader.Skip();
    }

    /// <summary>The string or name at the reader; null when it has an escape that is no character, which the reader's own methods throw on.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Once(ref bool seen, string field)
    {
        if (seen)
        {
            Fail(field, "must appear only once.");
        }

        seen = true;
    }

    private void Fail(string field, string message) => (_errors ??= new FieldErrors()).Add(field, message);
}
