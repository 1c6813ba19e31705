namespace Aspire.Hosting.ApplicationModel;

/// <summary>The parts of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>The host to connect to.</summary>
    Host,

    /// <summary>The port to connect to.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary>The port that the resource itself listens on.</summary>
    TargetPort,

    /// <summary><c>host:port</c>.</summary>
    HostAndPort,
}
