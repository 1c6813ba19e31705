using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.ServiceDiscovery;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Tests.Hosting;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class ServiceDestinationTests
{
    private static readonly string[] Hosts = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"];

    private readonly FakeLogCollector _logs = new();

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

    [Fact]
    public async Task Resolve_BasePaths_OfTheEndpointAndOfTheServiceAreKept()
    {
        Dictionary<string, string> names = await ResolveAsync("http://ratings/v1/", ["10.0.0.1:8080/base", "10.0.0.1:8080/other/"]);

        Assert.Equal(["http://10.0.0.1:8080/base/v1/", "http://10.0.0.1:8080/other/v1/"], names.Values.Order());
    }

    [Theory]
    [InlineData("http://ratings/alive?full=1", "http://10.0.0.1:8080/alive?full=1", "http://10.0.0.2:8080/alive?full=1")]
    [InlineData("http://ratings:9090/alive", "http://10.0.0.1:9090/alive", "http://10.0.0.2:9090/alive")]
    public async Task Resolve_Health_EveryEndpointHasItsOwn(string health, params string[] expected)
    {
        var resolved = await ResolveAllAsync(new DestinationConfig { Address = "http://ratings", Health = health }, Hosts[..2]);

        Assert.Equal(expected, resolved.Values.Select(destination => destination.Health).Order());
    }

    [Fact]
    public async Task Resolve_HealthOfAnotherHost_NotUsedForAServiceLoggedOnceAndKeptForAnAddress()
    {
        DestinationConfig monitored = new() { Address = "http://ratings", Health = "http://monitor/alive" };

        var resolved = await ResolveAllAsync(monitored, Hosts);
        var kept = await ResolveAllAsync(
            new DestinationConfig { Address = "http://127.0.0.1:4711", Health = "http://127.0.0.2:4712/alive" }, []);

        Assert.All(resolved.Values, destination => Assert.Null(destination.Health));
        Assert.Equal(3, resolved.Count);
        Assert.Equal(
            "The Health of destination only is not used, and probes go to the address: it must have the host ratings, since each endpoint "
                + "of the service is probed at its own address.", Assert.Single(_logs.GetSnapshot()).Message);
        Assert.Equal("http://127.0.0.2:4712/alive", Assert.Single(kept).Value.Health);
    }

    [Fact]
    public async Task Resolve_ServiceCannotBeResolved_LastEndpointsStayAndItIsLoggedOnce()
    {
        TestSettings settings = new() { ["services:ratings:http:0"] = "http://10.0.0.1:8080" };
        await using ServiceProvider services = Services(new ConfigurationRoot([settings]));
        ServiceEndpointResolver endpoints = services.GetRequiredService<ServiceEndpointResolver>();
        ServiceDestinationResolver resolver = new(endpoints, new FakeLogger<ServiceDestinationResolver>(_logs));
        Dictionary<string, DestinationConfig> destinations = new() { ["only"] = new() { Address = "http://ratings" } };
        var before = (await resolver.ResolveDestinationsAsync(destinations, CancellationToken.None)).Destinations;

        // Resolving fails from now on.
        await endpoints.DisposeAsync();
        var after = (await resolver.ResolveDestinationsAsync(destinations, CancellationToken.None)).Destinations;
        await resolver.ResolveDestinationsAsync(destinations, CancellationToken.None);

        Assert.Equal("http://10.0.0.1:8080/", Assert.Single(before).Value.Address);
        Assert.Equal(before, after);
        Assert.StartsWith("The service of destination only cannot be resolved; its last endpoints, or its address, stay in use: ",
            Assert.Single(_logs.GetSnapshot()).Message);
    }

    /// <summary>Addresses by destination name.</summary>
    private async Task<Dictionary<string, string>> ResolveAsync(string service, string[] hosts) =>
        (await ResolveAllAsync(new DestinationConfig { Address = service }, hosts)).ToDictionary(
            entry => entry.Key, entry => entry.Value.Address);

    private async Task<IReadOnlyDictionary<string, DestinationConfig>> ResolveAllAsync(DestinationConfig destination, string[] hosts)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                hosts.Select((host, i) => new KeyValuePair<string, string?>($"services:ratings:http:{i}", $"http://{host}")))
            .Build();
        await using ServiceProvider services = Services(configuration);
        ServiceDestinationResolver resolver = new(
            services.GetRequiredService<ServiceEndpointResolver>(), new FakeLogger<ServiceDestinationResolver>(_logs));
        var resolved = await resolver.ResolveDestinationsAsync(
            new Dictionary<string, DestinationConfig> { ["only"] = destination }, CancellationToken.None);
        return resolved.Destinations;
    }

    private static ServiceProvider Services(IConfiguration configuration) => new ServiceCollection().AddSingleton(configuration)
        .AddLogging()
        .AddServiceDiscovery()
        .BuildServiceProvider();
}
