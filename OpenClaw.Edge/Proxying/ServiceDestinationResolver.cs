using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace OpenClaw.Edge.Proxying;

/// <summary>Turns destinations that name a service (<c>http://rating-api</c>) into one destination per endpoint of that service. Each is named by its address
/// (<c>rating-api[10.0.0.1:8080]</c>): YARP keeps what it knows of a destination's health by name, and answers come in any order.</summary>
internal sealed class ServiceDestinationResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        Dictionary<string, DestinationConfig> resolved = new(StringComparer.OrdinalIgnoreCase);
        List<IChangeToken> changes = [];
        foreach ((string name, DestinationConfig destination) in destinations)
        {
            if (!Uri.TryCreate(destination.Address, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            {
                throw new ArgumentException($"The Address of destination '{name}' is '{destination.Address}'; it must begin with http:// or https://.");
            }

            ServiceEndpointSource source = await resolver.GetEndpointsAsync(address.GetLeftPart(UriPartial.Authority), cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (ServiceEndpoint found in source.Endpoints)
            {
                Uri endpoint = AddressOf(found, address);
                bool isItself = endpoint.Authority == address.Authority;
                resolved[isItself ? name : $"{name}[{endpoint.Authority}]"] = destination with
                {
                    Address = endpoint.AbsoluteUri,
                    Host = destination.Host ?? (isItself ? null : address.Authority),
                };
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    private static Uri AddressOf(ServiceEndpoint endpoint, Uri service)
    {
        if (endpoint.EndPoint is UriEndPoint { Uri: var uri })
        {
            return new UriBuilder(uri) { Path = service.AbsolutePath }.Uri;
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
}
