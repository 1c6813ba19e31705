using System.Text.Json;
using System.Text.Unicode;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>
/// Checks a request body against <see cref="Rating"/> and reads what the store needs. By hand rather than by a serializer, because the answer
/// echoes the body byte for byte, and because an error names the field and what would be right instead of a type and a path.
/// </summary>
internal static class RatingParser
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The JSON text without a byte order mark, which is legal to receive (RFC 8259, 8.1) but not to send.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;

    /// <summary>Reads a rating.</summary>
    /// <param name="body">UTF-8 JSON text.</param>
    /// <param name="rating">The rating when there are no errors.</param>
    /// <returns>Null, or every error found by the name of its field.</returns>
    public static FieldErrors? Parse(ReadOnlySpan<byte> body, out Rating rating)
    {
        rating = default!;
        if (body.IsEmpty)
        {
            return new FieldErrors().Add(FieldErrors.Body, """is empty; send a JSON object such as {"score": 4}.""");
        }

        if (!Utf8.IsValid(body))
        {
            return new FieldErrors().Add(FieldErrors.Body, "is not UTF-8.");
        }

        try
        {
            Utf8JsonReader reader = new(body);
            return ParseRating(ref reader, out rating);
        }
        catch (JsonException e)
        {
            return new FieldErrors().Add(FieldErrors.Body, $"is not JSON, or is nested deeper than 64: see line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    private static FieldErrors? ParseRating(ref Utf8JsonReader reader, out Rating rating)
    {
        rating = default!;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            string kind = JsonKind.Of(reader.TokenType);
            reader.Skip();
            reader.Read();
            return new FieldErrors().Add(FieldErrors.Body, $$"""must be a JSON object such as {"score": 4}, not {{kind}}.""");
        }

        RatingFields fields = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            fields.Read(ref reader);
        }

        reader.Read(); // Throws when anything follows the object.
        return fields.Complete(out rating);
    }
}
