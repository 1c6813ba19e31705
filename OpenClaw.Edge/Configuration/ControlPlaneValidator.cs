using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates the settings of usage, events and the admin API.</summary>
internal static class ControlPlaneValidator
{
    private const string Root = EdgeOptions.Section;
    private const int MaxThresholds = 10;

    /// <summary>Adds one error for each invalid setting.</summary>
    public static void Check(EdgeOptions options, List<string> errors)
    {
        CheckThresholds(options.Events.Thresholds, $"{Root}:Events:Thresholds", errors);

        string prefix = options.ControlPlane.KeyPrefix;
        if (prefix.Length is 0 or > 32 || prefix.Any(character => character is '{' or '}' || char.IsWhiteSpace(character)))
        {
            errors.Add($"{Root}:ControlPlane:KeyPrefix is '{SettingText.Shown(prefix)}'; it must have 1 to 32 characters, without braces "
                + "and white space.");
        }

        if (options.Admin.OperatorHeader.Length > 0 && !HttpToken.IsValid(options.Admin.OperatorHeader))
        {
            errors.Add($"{Root}:Admin:OperatorHeader is '{SettingText.Shown(options.Admin.OperatorHeader)}'; it must be the name of a "
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
            if (thresholds[i] is < 1 or > 100)
            {
                errors.Add($"{path}:{i} is {thresholds[i]}; it must be 1 to 100.");
            }
        }
    }
}
