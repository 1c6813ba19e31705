using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Options;

/// <summary>Every setting of the edge, under <see cref="Section"/>. What is declared here is fixed while the process runs; what
/// <see cref="RulesOptions"/> declares can change at any time.</summary>
internal sealed class EdgeOptions : RulesOptions
{
    /// <summary>The configuration section. No other name is read, and no unknown name below it is accepted.</summary>
    public const string Section = "OpenClaw:Edge";

    public ClientAddressOptions ClientAddress { get; set; } = new();

    public ApiKeyOptions ApiKeys { get; set; } = new();

    /// <summary>The limiter's own settings.</summary>
    public TokenBucketLimiterOptions Limiter { get; set; } = new();

    public AnswerOptions Answers { get; set; } = new();

    public CorsOptions Cors { get; set; } = new();

    public RedisOptions Redis { get; set; } = new();

    public RedisRulesOptions RedisRules { get; set; } = new();

    public OverloadOptions Overload { get; set; } = new();

    public UpstreamOptions Upstream { get; set; } = new();

    public DrainOptions Drain { get; set; } = new();

    public AdminOptions Admin { get; set; } = new();
}
