using System.Buffers;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates names of tiers and clients, and lists existing names for errors.</summary>
internal static class SettingNames
{
    public const string Expected = "1 to 64 letters, digits and - _ . characters";

    private const int MaxLength = 64;
    private const int MaxListed = 20;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Characters);

    /// <summary>Lists names, sorted, up to a number that fits into an error.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        string listed = all.Length == 0 ? "(none)" : string.Join(", ", all.Take(MaxListed));
        return all.Length <= MaxListed ? listed : $"{listed} and {all.Length - MaxListed} more";
    }
}
