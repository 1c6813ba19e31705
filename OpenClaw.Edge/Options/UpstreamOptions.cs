using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of connections to upstreams that YARP's own settings do not cover.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>Timeout of connecting; after it the client gets 504. 100 ms to 1 minute. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Lifetime of a connection, after which it is replaced, so that changed DNS records take effect. 10 s to 1 day. Default 5
    /// minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time for which a stream (WebSocket, gRPC call, event stream) may be idle in both directions before it is closed. 1 s to 1
    /// day. Default 5 minutes. A cluster's longer <c>ActivityTimeout</c> applies instead.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time to wait for response headers after the client has disconnected, when the policy has a
    /// <see cref="CostOptions.ResponseHeader"/>. After it, the call to the upstream is cancelled and the cost already charged stays. 0 to 5
    /// minutes; 0 does not wait. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan CostTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
