using System.Collections.Concurrent;
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
internal sealed class ServiceDestinationResolver(ServiceEndpointResolver resolver, ILogger<ServiceDestinationResolver> logger)
    : IDestinationResolver
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    // By service, the endpoints last resolved.
    private readonly ConcurrentDictionary<string, IReadOnlyList<ServiceEndpoint>> _endpoints = new(StringComparer.OrdinalIgnoreCase);

    // By destination, the fault last logged.
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Resolves all destinations. Faults are logged, never thrown: after an exception YARP would ignore later changes of
    /// routes.</summary>
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        Dictionary<string, DestinationConfig> resolved = new(StringComparer.OrdinalIgnoreCase);
        List<IChangeToken> changes = [];
        foreach ((string name, DestinationConfig destination) in destinations)
        {
            Uri service = new(destination.Address);
            try
            {
                ServiceEndpointSource source =
                    await resolver.GetEndpointsAsync(service.GetLeftPart(UriPartial.Authority), cancellationToken);
                changes.Add(source.ChangeToken);
                Add(name, destination, service, source.Endpoints, resolved);
                _endpoints[service.Authority] = source.Endpoints;
                if (_faults.TryRemove(name, out _))
                {
                    Log.ServiceResolved(logger, name);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                changes.Add(new CancellationChangeToken(new CancellationTokenSource(RetryInterval).Token));
                UseLast(name, destination, service, resolved);
                if (IsNew(name, exception.Message))
                {
                    Log.ServiceNotResolved(logger, name, exception.Message);
                }
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    private void UseLast(string name, DestinationConfig destination, Uri service, Dictionary<string, DestinationConfig> resolved)
    {
        if (_endpoints.TryGetValue(service.Authority, out IReadOnlyList<ServiceEndpoint>? last))
        {
            Add(name, destination, service, last, resolved);
        }
        else
        {
            resolved[name] = destination;
        }
    }

    private void Add(
        string name, DestinationConfig destination, Uri service, IReadOnlyList<ServiceEndpoint> endpoints,
        Dictionary<string, DestinationConfig> resolved)
    {
        foreach (ServiceEndpoint found in endpoints)
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

    private bool IsNew(string name, string fault)
    {
        bool isNew = !_faults.TryGetValue(name, out string? last) || last != fault;
        _faults[name] = fault;
        return isNew;
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
    /// service's. Null for another host, which would be the same for every endpoint.</summary>
    private string? HealthOf(string name, string configured, Uri service, Uri endpoint)
    {
        Uri health = new(configured);
        if (!health.Host.Equals(service.Host, StringComparison.OrdinalIgnoreCase))
        {
            // Validated with the routes, but the service may have become known later.
            if (IsNew($"{name}:{nameof(DestinationConfig.Health)}", configured))
            {
                Log.HealthNotUsed(logger, name, service.Host);
            }

            return null;
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
