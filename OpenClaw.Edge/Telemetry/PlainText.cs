using System.Globalization;
using System.Text;

namespace OpenClaw.Edge.Telemetry;

/// <summary>Text from outside, made safe to store and show: no control characters, invisible characters, direction changes or lone
/// surrogates.</summary>
internal static class PlainText
{
    /// <summary>Removes these characters and white space at the ends, and cuts the text to a length.</summary>
    public static string Clean(string text, int maxLength)
    {
        StringBuilder clean = new(Math.Min(text.Length, maxLength));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune != Rune.ReplacementChar && !IsUnsafe(Rune.GetUnicodeCategory(rune)))
            {
                clean.Append(rune);
            }

            if (clean.Length >= maxLength)
            {
                break;
            }
        }

        return clean.ToString(0, Math.Min(clean.Length, maxLength)).Trim();
    }

    private static bool IsUnsafe(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
