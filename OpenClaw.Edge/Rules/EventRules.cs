using OpenClaw.Edge.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Validates thresholds and denial counts of events.</summary>
internal static class EventRules
{
    public const long MaxDenials = 1_000_000_000;

    /// <summary>The distinct thresholds, the highest first; null for null. Adds one error for each invalid threshold.</summary>
    public static int[]? CompileThresholds(IReadOnlyList<int>? thresholds, string path, List<string> errors)
    {
        ControlPlaneValidator.CheckThresholds(thresholds, path, errors);
        return CompileThresholds(thresholds);
    }

    /// <summary>The same for thresholds whose errors are reported elsewhere.</summary>
    public static int[]? CompileThresholds(IReadOnlyList<int>? thresholds) =>
        thresholds is null ? null : [.. thresholds.Distinct().OrderDescending()];
}
