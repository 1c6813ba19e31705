using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace OpenClaw.Edge.Proxying;

/// <summary>Resolves destinations that name a service (<c>http://rating-api</c>) to one destination per endpoint. Each is named by its
/// address (<c>rating-api[10.0.0.1:8080]</c>), because YARP stores health by name and endpoints are resolved in any order.</summary>
/// <remarks>Microsoft.Extensions.ServiceDiscovery.Yarp renames destinations that are plain addresses too, and drops the base path of an
/// endpoint.</remarks>
internal sealed class ServiceDestinationResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        Dictionary<string, DestinationConfig> resolved = new(StringComparer.OrdinalIgnoreCase);
        List<IChangeToken> changes = [];
        foreach ((string name, DestinationConfig destination) in destinations)
        {
            Uri service = new(destination.Address);
            ServiceEndpointSource source = await resolver.GetEndpointsAsync(service.GetLeftPart(UriPartial.Authority), cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (ServiceEndpoint found in source.Endpoints)
            {
                Uri endpoint = AddressOf(found, service);
                bool isItself = endpoint.Authority == service.Authority;
                resolved[isItself ? name : $"{name}[{endpoint.Authority}{endpoint.AbsolutePath.TrimEnd('/')}]"] = destination with
                {
                    Address = endpoint.AbsoluteUri,
                    Health = isItself || string.IsNullOrEmpty(destination.Health)
                        ? destination.Health
                        : HealthOf(name, destination.Health, service, endpoint),
                    Host = destination.Host ?? (isItself ? null : service.Authority),
                };
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    /// <summary>The endpoint's address, followed by the path of the service's address.</summary>
    private static Uri AddressOf(ServiceEndpoint endpoint, Uri service)
    {
        if (endpoint.EndPoint is UriEndPoint { Uri: var uri })
        {
            return new UriBuilder(uri) { Path = uri.AbsolutePath.TrimEnd('/') + service.AbsolutePath }.Uri;
        }

        UriBuilder address = new(service);
        (address.Host, address.Port) = endpoint.EndPoint switch
        {
            DnsEndPoint dns => (dns.Host, dns.Port == 0 ? service.Port : dns.Port),
            IPEndPoint ip => (ip.Address.ToString(), ip.Port == 0 ? service.Port : ip.Port),
            var other => throw new InvalidOperationException($"Service '{service.Host}' has an endpoint that is not an address: {other}."),
        };
        return address.Uri;
    }

    /// <summary>The health address of one endpoint: at its own host and port, or at the port of the setting when that differs from the
    /// service's.</summary>
    private static string HealthOf(string name, string configured, Uri service, Uri endpoint)
    {
        Uri health = new(configured);
        if (!health.Host.Equals(service.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"The Health of destination '{name}' is '{configured}', which would be the same for every endpoint of '{service.Host}'; "
                + $"it must have the host '{service.Host}'.");
        }

        if (!health.IsDefaultPort && health.Port != service.Port)
        {
            return new UriBuilder(health) { Host = endpoint.Host }.Uri.AbsoluteUri;
        }

        string basePath = endpoint.AbsolutePath[..^service.AbsolutePath.Length];
        return new UriBuilder(health)
        {
            Scheme = endpoint.Scheme,
            Host = endpoint.Host,
            Port = endpoint.Port,
            Path = basePath + health.AbsolutePath,
        }.Uri.AbsoluteUri;
    }
}
