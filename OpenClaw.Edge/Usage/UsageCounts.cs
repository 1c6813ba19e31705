using System.Text.Json.Serialization;

namespace OpenClaw.Edge.Usage;

/// <summary>Decisions of one policy, by kind.</summary>
/// <param name="Admitted">Requests that were allowed.</param>
/// <param name="Denied">Requests that this policy denied.</param>
/// <param name="ShadowDenied">Requests that a shadow bucket would have denied; they also count as admitted, or as denied by another
/// bucket.</param>
/// <param name="Local">Decisions without Redis; they also count as admitted or denied.</param>
internal readonly record struct UsageCounts(long Admitted, long Denied, long ShadowDenied, long Local)
{
    [JsonIgnore]
    public bool IsZero => this == default;

    public static UsageCounts operator +(in UsageCounts a, in UsageCounts b) =>
        new(a.Admitted + b.Admitted, a.Denied + b.Denied, a.ShadowDenied + b.ShadowDenied, a.Local + b.Local);
}
