namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Metrics for Prometheus: the scrape endpoint and the OTLP push, for places without an OTLP collector. Configuration section
/// <see cref="Section"/>.</summary>
public sealed class PrometheusOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "OpenClaw:Metrics:Prometheus";

    /// <summary>Whether metrics can be scraped. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>The path to scrape, on the management listener. Starts with a slash. Default <c>/metrics</c>.</summary>
    public string Path { get; set; } = "/metrics";

    /// <summary>Address of a Prometheus server's OTLP receiver to push metrics to, for servers that cannot reach this process to scrape it;
    /// for example
    /// <c>http://localhost:9090/api/v1/otlp/v1/metrics</c>. Independent of <see cref="Enabled"/>. Default null: nothing is
    /// pushed.</summary>
    public Uri? OtlpEndpoint { get; set; }
}
