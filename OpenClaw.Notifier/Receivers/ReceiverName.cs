using System.Buffers;

namespace OpenClaw.Notifier.Receivers;

/// <summary>Names of clients and operators.</summary>
internal static class ReceiverName
{
    public const string Expected = "1 to 64 letters, digits and - _ . characters";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Characters);
}
