using System.Buffers;
using System.Globalization;

namespace OpenClaw.Edge.Rules;

/// <summary>Validates and orders versions of rules documents. Runs of digits compare as numbers, everything else character by character: 10
/// is newer than 9, and a later timestamp newer than an earlier one.</summary>
internal static class RulesVersion
{
    /// <summary>Longest version, in characters.</summary>
    public const int MaxLength = 64;

    public const string Expected = "1 to 64 letters, digits and - _ . : + / characters";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:+/");

    /// <summary>Whether a text is a valid version, safe in headers and logs.</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(Characters);

    /// <summary>Below zero when <paramref name="a"/> is older than <paramref name="b"/>, above zero when it is newer.</summary>
    public static int Compare(string a, string b)
    {
        ReadOnlySpan<char> left = a;
        ReadOnlySpan<char> right = b;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            int order = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                ? CompareNumbers(TakeDigits(ref left), TakeDigits(ref right))
                : Take(ref left).CompareTo(Take(ref right));
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(a, b);
    }

    /// <summary>Creates a version for a document written now, newer than all valid versions in <paramref name="others"/>.</summary>
    public static string Newest(DateTimeOffset now, params IEnumerable<string?> others)
    {
        string version = now.ToString("yyyyMMddTHHmmss.fffffffZ", CultureInfo.InvariantCulture);
        foreach (string other in others.OfType<string>().Where(IsValid))
        {
            version = Compare(version, other) > 0 ? version : Next(other);
        }

        return version;
    }

    private static string Next(string version)
    {
        char[] digits = version[(version.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..].ToCharArray();
        if (digits.Length == 0)
        {
            return version + ".1";
        }

        string head = version[..^digits.Length];
        int last = digits.AsSpan().LastIndexOfAnyExcept('9');
        digits.AsSpan(last + 1).Fill('0');
        if (last < 0)
        {
            return $"{head}1{new string(digits)}";
        }

        digits[last]++;
        return head + new string(digits);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }

    private static char Take(ref ReadOnlySpan<char> text)
    {
        char first = text[0];
        text = text[1..];
        return first;
    }
}
