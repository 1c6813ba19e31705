namespace OpenClaw.EdgeBench.Targets;

/// <summary>A token bucket, configured at each target.</summary>
/// <param name="Capacity">Tokens in a full bucket.</param>
/// <param name="RefillTokens">Tokens refilled per <paramref name="RefillPeriod"/>.</param>
/// <param name="RefillPeriod">Whole seconds.</param>
internal sealed record Limits(long Capacity, long RefillTokens, TimeSpan RefillPeriod)
{
    /// <summary>Decided and charged on every request, and never exhausted by any load this machine can make.</summary>
    public static Limits Allow { get; } = new(1_000_000_000, 1_000_000, TimeSpan.FromSeconds(1));

    /// <summary>Empty after the first request, for the rest of the run.</summary>
    public static Limits Deny { get; } = new(1, 1, TimeSpan.FromDays(1));

    /// <summary>The article's: bursts of 20, then 5 per second.</summary>
    public static Limits Article { get; } = new(20, 5, TimeSpan.FromSeconds(1));
}
