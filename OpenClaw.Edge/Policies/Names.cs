using System.Buffers;

namespace OpenClaw.Edge.Policies;

/// <summary>Names in settings: of tiers and clients, and how errors list those that exist.</summary>
internal static class Names
{
    public const string Expected = "1 to 64 letters, digits and - _ . characters";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Characters);

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).DefaultIfEmpty("(none)"));
}
