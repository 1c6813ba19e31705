using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using OpenClaw.Edge.Proxying;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class ServiceDestinationTests
{
    private static readonly string[] Hosts = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"];

    /// <summary>YARP keeps the health of a destination by its name.</summary>
    [Fact]
    public async Task Resolve_AnswerInAnotherOrder_EveryHostKeepsItsName()
    {
        Dictionary<string, string> names = await ResolveAsync("http://ratings", Hosts);

        Assert.Equal(3, names.Count);
        Assert.Equal(names, await ResolveAsync("http://ratings", [.. Hosts.Reverse()]));
    }

    [Fact]
    public async Task Resolve_HostsComeAndGo_NoHostGetsTheNameOfAnother()
    {
        Dictionary<string, string> all = await ResolveAsync("http://ratings", Hosts);

        foreach (string host in Hosts)
        {
            KeyValuePair<string, string> alone = Assert.Single(await ResolveAsync("http://ratings", [host]));
            Assert.Equal(all[alone.Key], alone.Value);
        }
    }

    [Fact]
    public async Task Resolve_PlainAddress_KeepsTheConfiguredName() =>
        Assert.Equal([new("only", "http://127.0.0.1:4711/")], await ResolveAsync("http://127.0.0.1:4711", []));

    /// <summary>Addresses by destination name.</summary>
    private static async Task<Dictionary<string, string>> ResolveAsync(string service, string[] hosts)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(hosts.Select((host, i) => new KeyValuePair<string, string?>($"services:ratings:http:{i}", $"http://{host}")))
            .Build();
        await using ServiceProvider services = new ServiceCollection().AddSingleton(configuration).AddLogging().AddServiceDiscovery().BuildServiceProvider();
        ServiceDestinationResolver resolver = new(services.GetRequiredService<ServiceEndpointResolver>());
        var resolved = await resolver.ResolveDestinationsAsync(
            new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = service } }, CancellationToken.None);
        return resolved.Destinations.ToDictionary(destination => destination.Key, destination => destination.Value.Address);
    }
}
