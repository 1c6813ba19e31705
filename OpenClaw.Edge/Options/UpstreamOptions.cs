namespace OpenClaw.Edge.Options;

/// <summary>The client that the edge is to its upstreams, as far as YARP's own settings do not cover it.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>Time in which a connection must be made, or the client gets 504. 100 ms to 1 minute. Default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections are renewed after this time, so that changed DNS records are noticed. At least 10 s. Default 5
    /// minutes.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a stream (WebSocket, gRPC call, event stream) may be silent in both directions before it is closed. 1 s to 1 day.
    /// Default 5 minutes. A cluster's longer <c>ActivityTimeout</c> applies instead.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the edge waits for the head of an answer whose client has left, when the policy's <see
    /// cref="CostOptions.ResponseHeader"/> may state a cost in it. Then the upstream's call ends and the cost charged before stays. 0 to 5
    /// minutes; 0 does not wait. Default 10 s.</summary>
    public TimeSpan CostTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
