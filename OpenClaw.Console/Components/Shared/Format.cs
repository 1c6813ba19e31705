using System.Globalization;

namespace OpenClaw.Console.Components.Shared;

/// <summary>Formats numbers, times and durations for display. Times are UTC, as in the log.</summary>
internal static class Format
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>12,345.</summary>
    public static string Count(long number) => number.ToString("N0", Culture);

    /// <summary>A rate: one decimal below 100, none above.</summary>
    public static string Rate(double number) => number.ToString(number is > 0 and < 99.95 ? "0.0" : "N0", Culture);

    /// <summary>Milliseconds with two to three significant digits.</summary>
    public static string Milliseconds(double? number) => number switch
    {
        null => "–",
        < 10 => number.Value.ToString("0.00", Culture),
        < 100 => number.Value.ToString("0.0", Culture),
        _ => number.Value.ToString("N0", Culture),
    };

    /// <summary>10:45:03, with the date when it is another day.</summary>
    public static string Time(DateTimeOffset time)
    {
        DateTimeOffset utc = time.ToUniversalTime();
        return utc.ToString(utc.Date == DateTimeOffset.UtcNow.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", Culture);
    }

    /// <summary>The two largest units: 9 min 58 s.</summary>
    public static string Duration(TimeSpan time)
    {
        time = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return time.TotalSeconds < 10 && time.TotalSeconds != Math.Floor(time.TotalSeconds)
            ? $"{time.TotalSeconds.ToString("0.0", Culture)} s"
            : time.TotalMinutes < 1 ? $"{Math.Round(time.TotalSeconds)} s"
            : time.TotalHours < 1 ? Two(time.Minutes, "min", time.Seconds, "s")
            : time.TotalDays < 1 ? Two(time.Hours, "h", time.Minutes, "min")
            : Two(time.Days, time.Days == 1 ? "day" : "days", time.Hours, "h");
    }

    /// <inheritdoc cref="Duration(TimeSpan)"/>
    public static string Seconds(double seconds) =>
        Duration(TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(36_500).TotalSeconds)));

    /// <summary>A refill: 5 / s, 100 / 1 min.</summary>
    public static string Refill(long tokens, TimeSpan period) =>
        period == TimeSpan.FromSeconds(1) ? $"{Count(tokens)} / s" : $"{Count(tokens)} / {Duration(period)}";

    /// <summary>12.3 KiB.</summary>
    public static string Bytes(long bytes) => bytes < 1024 ? $"{bytes} bytes" : $"{(bytes / 1024.0).ToString("0.0", Culture)} KiB";

    private static string Two(int first, string firstUnit, int second, string secondUnit) =>
        second == 0 ? $"{first} {firstUnit}" : $"{first} {firstUnit} {second} {secondUnit}";
}
