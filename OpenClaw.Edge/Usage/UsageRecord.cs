using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>One decision, as usage counts it.</summary>
/// <param name="Policy">Name of the policy that denied the request, else of the route's policy.</param>
/// <param name="ShadowPolicy">Name of the policy whose shadow bucket would have denied it; null when there is none.</param>
/// <param name="Subject">The sender.</param>
/// <param name="IsAdmitted">Whether the request was allowed.</param>
/// <param name="Source">Where the decision was made.</param>
/// <param name="Microseconds">How long it took.</param>
internal readonly record struct UsageRecord(
    string Policy, string? ShadowPolicy, UsageSubject Subject, bool IsAdmitted, DecisionSource Source, long Microseconds);
