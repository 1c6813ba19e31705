using System.Buffers;
using System.Globalization;

namespace OpenClaw.Edge.Rules;

/// <summary>Validates and orders versions of rules documents. Runs of digits compare as numbers, everything else character by character: 10
/// is newer than 9, and a later timestamp newer than an earlier one.</summary>
internal static class RulesVersion
{
    /// <summary>Longest version, in characters.</summary>
    public const int MaxLength = 64;

    // Leaves room for the numbers of the versions that follow.
    private const int RaisedLength = 32;

    public const string Expected = "1 to 64 letters, digits and - _ . : + / characters, at least one of them a letter or digit";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:+/");

    /// <summary>Whether a text is a valid version, safe in headers, logs and paths.</summary>
    public static bool IsValid(string text) =>
        text.Length <= MaxLength && !text.AsSpan().ContainsAnyExcept(Characters) && text.Any(char.IsAsciiLetterOrDigit);

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

    /// <summary>Creates a version for a document written now, newer than all valid versions in <paramref name="others"/>. Returns null when
    /// one of them has no newer version.</summary>
    public static string? Newest(DateTimeOffset now, params IEnumerable<string?> others)
    {
        string? version = now.ToString("yyyyMMddTHHmmss.fffffffZ", CultureInfo.InvariantCulture);
        foreach (string other in others.OfType<string>().Where(IsValid))
        {
            version = version is null || Compare(version, other) > 0 ? version : Next(other);
        }

        return version;
    }

    private static string? Next(string version)
    {
        string next = Incremented(version);
        return next.Length <= MaxLength ? next : Raised(version);
    }

    /// <summary>A newer version of at most <see cref="RaisedLength"/> characters: the last character that can be raised is replaced by a
    /// greater letter. Null when there is none, because the version begins with that many z.</summary>
    private static string? Raised(string version)
    {
        ReadOnlySpan<char> head = version.AsSpan(0, RaisedLength);
        while (!head.IsEmpty)
        {
            // A letter is greater than every number, but only a whole run of digits can be replaced.
            ReadOnlySpan<char> rest = head.TrimEnd("0123456789");
            bool isNumber = rest.Length < head.Length;
            char last = isNumber ? '0' : head[^1];
            head = isNumber ? rest : head[..^1];
            if (last != 'z')
            {
                return $"{head}{NextLetter(last)}";
            }
        }

        return null;
    }

    private static char NextLetter(char after) =>
        after < 'A' ? 'A' : after < 'Z' ? (char)(after + 1) : after < 'a' ? 'a' : (char)(after + 1);

    private static string Incremented(string version)
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
