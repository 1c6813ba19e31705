namespace Aspire.Hosting.ApplicationModel;

/// <summary>A TCP endpoint of a resource. The orchestrator listens in the resource's place, and so can spread connections over replicas.</summary>
/// <param name="scheme">Default: tcp.</param>
/// <param name="name">Default: the scheme.</param>
/// <param name="port">The port that clients use; null: any free one.</param>
/// <param name="targetPort">The port that the resource listens on; null: any free one.</param>
internal sealed class EndpointAnnotation(string? scheme, string? name, int? port, int? targetPort) : IResourceAnnotation
{
    /// <summary>The scheme of the endpoint's URL.</summary>
    public string UriScheme { get; } = scheme ?? "tcp";

    /// <summary>The protocol above TCP, as far as a proxy cares.</summary>
    public string Transport => IsHttp ? "http" : "tcp";

    /// <summary>Whether the scheme is http or https.</summary>
    public bool IsHttp => UriScheme is "http" or "https";

    /// <summary>The name, unique in the resource.</summary>
    public string Name => name ?? UriScheme;

    /// <summary>The port that clients use; null: any free one.</summary>
    public int? Port { get; } = port;

    /// <summary>The port that the resource listens on; null: any free one.</summary>
    public int? TargetPort { get; } = targetPort;

    /// <summary>The host to listen on.</summary>
    public string TargetHost => "localhost";

    /// <summary>Whether the outside world may use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The port that the orchestrator listens on; null until it does.</summary>
    public int? AllocatedPort { get; set; }
}
