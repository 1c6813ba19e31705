using System.Text.Json;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>What people call a JSON value.</summary>
internal static class JsonKind
{
    public static string Of(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}
