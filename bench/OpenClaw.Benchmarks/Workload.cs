using OpenClaw.RateLimiting;

namespace OpenClaw.Benchmarks;

/// <summary>Policies of the measurements.</summary>
internal static class Workload
{
    /// <summary>Never refuses, so that every decision is written.</summary>
    public static RateLimitPolicy Generous { get; } = new(
        "default", [new TokenBucket("burst", 1_000_000, 1_000_000, TimeSpan.FromSeconds(1))]);

    /// <summary>Never refuses as long as keys are many, and every bucket that was touched stays alive for a day.</summary>
    public static RateLimitPolicy Lasting { get; } = new("default", [new TokenBucket("burst", 100_000, 1, TimeSpan.FromDays(1))]);

    /// <summary>Drained by its first request and for a day after it.</summary>
    public static RateLimitPolicy Drained { get; } = new("drained", [new TokenBucket("daily", 1, 1, TimeSpan.FromDays(1))]);

    /// <summary>A partition with an id of 16 characters.</summary>
    public static string Client(int number) => $"client-{number:D9}";
}
