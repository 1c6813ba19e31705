using System.Globalization;
using System.Text;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Text from outside, made safe for logs: one line, no control characters, at most <see cref="MaxLength"/> characters. Log methods
/// take such text as this type, so that none is logged unchanged.</summary>
internal readonly struct LogText
{
    /// <summary>Longest logged text, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private readonly string? _text;

    private LogText(string text) => _text = text;

    public static implicit operator LogText(string? text) => new(Clean(text ?? ""));

    public override string ToString() => _text ?? "";

    /// <summary>Replaces line ends by a space, and other control characters, invisible ones and those that change text direction by
    /// <c>\u</c> and their code.</summary>
    public static string Clean(string text)
    {
        text = (text.Length <= MaxLength ? text : text[..MaxLength] + "…").ReplaceLineEndings(" ");
        int first = 0;
        while (first < text.Length && !IsUnsafe(text, first))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        StringBuilder clean = new(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            if (IsUnsafe(text, i))
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                clean.Append(text[i]);
            }
        }

        return clean.ToString();
    }

    private static bool IsUnsafe(string text, int index) => char.GetUnicodeCategory(text[index]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Surrogate => char.IsHighSurrogate(text[index])
            ? index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1])
            : index == 0 || !char.IsHighSurrogate(text[index - 1]),
        _ => false,
    };
}
