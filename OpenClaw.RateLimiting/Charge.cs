namespace OpenClaw.RateLimiting;

/// <summary>What one decision wants to take from one partition of a policy.</summary>
/// <param name="Policy">The policy whose buckets are charged.</param>
/// <param name="Partition">Whose buckets: a client, an address, a route. Any text of 1 to 256 characters; it becomes part of a Redis key.</param>
/// <param name="Cost">Tokens taken from every bucket of the policy; 0 is a probe that charges nothing. Not negative.</param>
public readonly record struct Charge(RateLimitPolicy Policy, string Partition, long Cost = 1);
