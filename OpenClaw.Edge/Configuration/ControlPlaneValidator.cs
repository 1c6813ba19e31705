using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates the settings of usage, events and what operators see of them.</summary>
internal static class ControlPlaneValidator
{
    private const string Root = EdgeOptions.Section;
    private const int MaxThresholds = 10;

    /// <summary>Adds one error for each invalid setting.</summary>
    public static void Check(EdgeOptions options, List<string> errors)
    {
        CheckRange(options.Usage.TrackedClients, 100, 100_000, $"{Root}:Usage:TrackedClients", errors);
        CheckRange(options.Usage.ReportedClients, 10, 1_000, $"{Root}:Usage:ReportedClients", errors);
        CheckRange(options.Events.Denials, 0, 1_000_000_000, $"{Root}:Events:Denials", errors);
        CheckRange(options.Events.Window, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), $"{Root}:Events:Window", errors);
        CheckRange(options.Events.AddressesPerMinute, 0, 100_000, $"{Root}:Events:AddressesPerMinute", errors);
        CheckRange(options.Events.QueueLength, 10, 100_000, $"{Root}:Events:QueueLength", errors);
        CheckRange(options.Admin.MaxStreams, 1, 10_000, $"{Root}:Admin:MaxStreams", errors);
        CheckThresholds(options.Events.Thresholds, $"{Root}:Events:Thresholds", errors);

        string prefix = options.ControlPlane.KeyPrefix;
        if (prefix.Length is 0 or > 32 || prefix.Any(character => character is '{' or '}' || char.IsWhiteSpace(character)))
        {
            errors.Add($"{Root}:ControlPlane:KeyPrefix is '{SettingText.Shorten(prefix)}'; it must have 1 to 32 characters, without braces "
                + "and white space.");
        }

        if (options.Admin.OperatorHeader.Length > 0 && !HttpToken.IsValid(options.Admin.OperatorHeader))
        {
            errors.Add($"{Root}:Admin:OperatorHeader is '{SettingText.Shorten(options.Admin.OperatorHeader)}'; it must be the name of a "
                + "header, or empty.");
        }
    }

    /// <summary>Adds one error for each threshold that is not a percentage, and one when there are too many.</summary>
    public static void CheckThresholds(IReadOnlyList<int>? thresholds, string path, List<string> errors)
    {
        if (thresholds?.Count > MaxThresholds)
        {
            errors.Add($"{path} has {thresholds.Count} entries; there may be {MaxThresholds}.");
        }

        for (int i = 0; i < thresholds?.Count; i++)
        {
            CheckRange(thresholds[i], 1, 100, $"{path}:{i}", errors);
        }
    }

    /// <summary>Adds an error when a value is out of its range.</summary>
    public static void CheckRange<T>(T value, T min, T max, string path, List<string> errors) where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            errors.Add($"{path} is {value}; it must be {min} to {max}.");
        }
    }
}
