using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Edge.Tests.Configuration;

/// <summary>A range as the configuration reference writes it, such as <c>1 to 64</c> or <c>100 ms to 1 min</c>: each bound and its
/// neighbour outside the range, as settings are written.</summary>
internal sealed partial record DocumentedRange(string Lowest, string Highest, string BelowLowest, string AboveHighest)
{
    /// <summary>Null for anything but two numbers or two durations.</summary>
    public static DocumentedRange? TryParse(string cell)
    {
        Match match = Bounds().Match(cell);
        if (!match.Success)
        {
            return null;
        }

        string unit = match.Groups["unit"].Value;
        long low = long.Parse(match.Groups["low"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        long high = long.Parse(match.Groups["high"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        return unit.Length == 0
            ? new DocumentedRange(Text(low), Text(high), Text(low - 1), Text(high + 1))
            : OfDurations(Duration(low, match.Groups["lowUnit"].Value), Duration(high, unit));
    }

    private static DocumentedRange OfDurations(TimeSpan low, TimeSpan high)
    {
        TimeSpan step = TimeSpan.FromMicroseconds(1);
        return new DocumentedRange($"{low}", $"{high}", $"{low - step}", $"{high + step}");
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Duration(long value, string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(value),
        "s" => TimeSpan.FromSeconds(value),
        "min" => TimeSpan.FromMinutes(value),
        "day" or "days" => TimeSpan.FromDays(value),
        _ => TimeSpan.Zero,
    };

    [GeneratedRegex(@"^(?<low>[\d,]+)(?: (?<lowUnit>ms|s|min|days?))? to (?<high>[\d,]+)(?: (?<unit>ms|s|min|days?))?$")]
    private static partial Regex Bounds();
}
