namespace OpenClaw.Edge.Usage;

/// <summary>Lengths of the windows that usage is shown for.</summary>
internal static class UsageWindows
{
    /// <summary>A slice of the minute.</summary>
    public static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    /// <summary>A slice of the hour.</summary>
    public static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>Slices of the minute, the current one included: the last 50 to 60 seconds.</summary>
    public const int MinuteSlices = 6;

    /// <summary>Slices of the hour, the current one included: the last 55 to 60 minutes.</summary>
    public const int HourSlices = 12;

    /// <summary>Seconds over which rates are averaged.</summary>
    public const int RateSeconds = 5;

    /// <summary>Slices of ten seconds in the history.</summary>
    public const int HistorySlices = 90;
}
