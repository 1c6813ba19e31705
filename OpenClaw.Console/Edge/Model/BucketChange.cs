namespace OpenClaw.Console.Edge.Model;

/// <summary>The body of <c>POST /buckets/…</c>. Names a client or an address.</summary>
public sealed record BucketChange(
    string? Client, string? Address, string? Policy, string? Reason, long? Tokens = null, double? Seconds = null);
