using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource.</summary>
/// <param name="protocol">TCP.</param>
/// <param name="uriScheme">Default: the protocol in lower case.</param>
/// <param name="transport">Default: <c>http</c> for the schemes http and https, else the protocol in lower case.</param>
/// <param name="name">Default: the scheme.</param>
/// <param name="port">The port that clients use; null: any free one.</param>
/// <param name="targetPort">The port that the resource listens on; null: any free one.</param>
/// <param name="isExternal">Whether the outside world may use it. Default: false.</param>
/// <param name="isProxied">Whether the orchestrator listens in the resource's place, and so can spread connections over replicas. Default: true.</param>
public sealed class EndpointAnnotation(
    ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
    int? port = null, int? targetPort = null, bool? isExternal = null, bool? isProxied = null) : IResourceAnnotation
{
    /// <summary>TCP.</summary>
    public ProtocolType Protocol { get; } = protocol;

    /// <summary>The scheme of the endpoint's URL.</summary>
    public string UriScheme { get; } = uriScheme ?? protocol.ToString().ToLowerInvariant();

    /// <summary>The protocol above TCP, as far as a proxy cares.</summary>
    public string Transport => transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());

    /// <summary>The name, unique in the resource.</summary>
    public string Name => name ?? UriScheme;

    /// <summary>The port that clients use; null: any free one.</summary>
    public int? Port { get; } = port;

    /// <summary>The port that the resource listens on; null: any free one.</summary>
    public int? TargetPort { get; } = targetPort;

    /// <summary>The host to listen on.</summary>
    public string TargetHost => "localhost";

    /// <summary>Whether the outside world may use it.</summary>
    public bool IsExternal { get; set; } = isExternal ?? false;

    /// <summary>Whether the orchestrator listens in the resource's place.</summary>
    public bool IsProxied { get; } = isProxied ?? true;

    /// <summary>The port that the orchestrator listens on; null until it does.</summary>
    internal int? AllocatedPort { get; set; }
}
