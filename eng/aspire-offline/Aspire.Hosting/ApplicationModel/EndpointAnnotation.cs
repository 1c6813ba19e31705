using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP.</param>
    /// <param name="uriScheme">Default: the protocol in lower case.</param>
    /// <param name="transport">Default: <c>http</c> for the schemes http and https, else the protocol in lower case.</param>
    /// <param name="name">Default: the scheme.</param>
    /// <param name="port">The port that clients use; null: any free one.</param>
    /// <param name="targetPort">The port that the resource listens on; null: any free one.</param>
    /// <param name="isExternal">Whether the outside world may use it. Default: false.</param>
    /// <param name="isProxied">Whether the orchestrator listens in the resource's place. Default: true.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        _transport = transport;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>The name, unique in the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port that clients use; null: any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on; null: any free one.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The scheme of the endpoint's URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The host to listen on. Default: localhost.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>The protocol above TCP, as far as a proxy cares.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether the outside world may use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the orchestrator listens in the resource's place, and so can spread connections over replicas.</summary>
    public bool IsProxied { get; set; }

    /// <summary>The port that the orchestrator listens on; null until it does.</summary>
    internal int? AllocatedPort { get; set; }
}
