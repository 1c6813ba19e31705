using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Options;

/// <summary>All settings of the edge, under <see cref="Section"/>. Settings declared here are read only at start; settings declared in
/// <see cref="RulesOptions"/> can change at any time.</summary>
internal sealed class EdgeOptions : RulesOptions
{
    /// <summary>The configuration section. An unknown name below it is an error.</summary>
    public const string Section = "OpenClaw:Edge";

    /// <summary>Full path of a further settings file, such as one from a mounted ConfigMap; null or empty: none. Its rules may change while
    /// the edge runs.</summary>
    public string? SettingsFile { get; set; }

    public ClientAddressOptions ClientAddress { get; set; } = new();

    public ApiKeyOptions ApiKeys { get; set; } = new();

    /// <summary>The limiter's own settings.</summary>
    public RedisRateLimiterOptions Limiter { get; set; } = new();

    public AnswerOptions Answers { get; set; } = new();

    public CorsOptions Cors { get; set; } = new();

    public RedisOptions Redis { get; set; } = new();

    public RedisRulesOptions RedisRules { get; set; } = new();

    public OverloadOptions Overload { get; set; } = new();

    public UpstreamOptions Upstream { get; set; } = new();

    public DrainOptions Drain { get; set; } = new();

    public AdminOptions Admin { get; set; } = new();

    public UsageOptions Usage { get; set; } = new();

    public EventOptions Events { get; set; } = new();

    public ControlPlaneOptions ControlPlane { get; set; } = new();
}
