using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Limits of one replica against overload.</summary>
internal sealed class OverloadOptions
{
    /// <summary>Largest request body in bytes; a larger one gets 413. Default 1 MiB.</summary>
    [Range(typeof(long), "0", "1099511627776")]
    public long MaxRequestBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest request line in bytes; a longer one gets 414. Default 8 KiB.</summary>
    [Range(256, 1 << 20)]
    public int MaxRequestLineBytes { get; set; } = 8 * 1024;

    /// <summary>All request headers together in bytes, as HTTP/1.1 writes them; more get 431. Default 16 KiB.</summary>
    [Range(256, 1 << 20)]
    public int MaxRequestHeadersBytes { get; set; } = 16 * 1024;

    /// <summary>Number of request headers, all cookies being one; more get 431. Default 64.</summary>
    [Range(8, 10_000)]
    public int MaxRequestHeaders { get; set; } = 64;

    /// <summary>Time in which a request's headers must arrive. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Open connections; further ones are closed at once. Default 10,000.</summary>
    [Range(typeof(long), "1", "10000000")]
    public long MaxConnections { get; set; } = 10_000;

    /// <summary>Open connections of one remote address; further ones are closed at once. Does not apply to trusted proxies and Unix
    /// sockets. Null, the default: half of <see cref="MaxConnections"/>.</summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Open WebSockets and other upgraded connections; further ones get 503 with Retry-After. Default 1,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxUpgradedConnections { get; set; } = 1_000;

    /// <summary>Upgraded connections of one client address; further ones get 429 with Retry-After. Null, the default: half of
    /// <see cref="MaxUpgradedConnections"/>.</summary>
    public int? MaxUpgradedConnectionsPerAddress { get; set; }

    /// <summary>Other proxied requests in flight; further ones get 503 with Retry-After. Default 1,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxConcurrentRequests { get; set; } = 1_000;

    /// <summary>Proxied requests of one client address in flight; further ones get 429 with Retry-After. Null, the default: half of
    /// <see cref="MaxConcurrentRequests"/>.</summary>
    public int? MaxConcurrentRequestsPerAddress { get; set; }
}
