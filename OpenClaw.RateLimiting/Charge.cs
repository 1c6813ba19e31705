namespace OpenClaw.RateLimiting;

/// <summary>Tokens to take from one partition of a policy.</summary>
/// <param name="Policy">Policy whose buckets are charged.</param>
/// <param name="Partition">Owner of the buckets: a client, an address, a route. Any text of 1 to 256 characters; it becomes part of a Redis
/// key.</param>
/// <param name="Cost">Tokens taken from every bucket of the policy. At least 0; 0 asks for a decision and charges nothing. Default
/// 1.</param>
public readonly record struct Charge(RateLimitPolicy Policy, string Partition, long Cost = 1);
