using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>Names of the fields in a slice of the fleet's history: <c>policy|kind</c>, and <c>|source</c> for decisions by
/// source.</summary>
internal static class UsageFields
{
    public const string Admitted = "admitted";
    public const string Denied = "denied";
    public const string Shadow = "shadow";
    public const string Local = "local";

    private static readonly string[] Sources = ["store", "denyCache", "local", "open", "closed"];

    public static string Of(string policy, string kind) => $"{policy}|{kind}";

    public static string Of(DecisionSource source) => $"|{NameOf(source)}";

    /// <summary>The policy of a field; null for the fields of sources.</summary>
    public static string? PolicyOf(string field) => field.IndexOf('|', StringComparison.Ordinal) is > 0 and var end ? field[..end] : null;

    /// <summary>Name of a source in the admin API.</summary>
    public static string NameOf(DecisionSource source) => Sources[(int)source];
}
