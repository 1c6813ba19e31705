using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Overload;

/// <summary>The limit per address is one connection here.</summary>
public sealed class ConnectionMiddlewareTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<ConnectionMiddleware> _logger = new();
    private readonly IOptions<EdgeOptions> _options = Microsoft.Extensions.Options.Options.Create(new EdgeOptions
    {
        ClientAddress = new() { TrustedNetworks = ["192.0.2.0/24"], IPv6PrefixLength = 48 },
        Overload = new() { MaxConnections = 10, MaxConnectionsPerAddress = 1 },
    });
    private readonly ConnectionMiddleware _connections;

    public ConnectionMiddlewareTests() =>
        _connections = new ConnectionMiddleware(
            new TrustedProxies(_options), _options, new EdgeMetrics(_services.GetRequiredService<IMeterFactory>()), _time, _logger);

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    [InlineData("2001:db8:1::1", "2001:db8:1:ffff::", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", false)]
    public void Invoke_TwoConnections_TheSecondIsClosedWhereTheyAreOneClient(string first, string second, bool isOneClient)
    {
        Open(first);

        Assert.Equal(isOneClient, Open(second).IsAborted);
    }

    [Fact]
    public void Invoke_UnixSockets_AreNotCounted()
    {
        UnixDomainSocketEndPoint path = new("/run/edge.sock");
        Open(path);

        Assert.False(Open(path).IsAborted);
        Assert.Equal(0, _connections.AddressCount);
    }

    [Fact]
    public async Task Invoke_ServedButNotYetClosed_CountsUntilItIs()
    {
        FakeConnection connection = new(EndPointOf("203.0.113.7"));
        Task open = InvokeAsync(connection);
        connection.Served.SetResult();

        bool isNextAborted = Open("203.0.113.7").IsAborted;
        connection.Closed.SetResult();
        await open;

        Assert.True(isNextAborted);
        Assert.Equal(0, _connections.AddressCount);
    }

    [Fact]
    public async Task Invoke_ServingFails_CountsNoMore()
    {
        FakeConnection connection = new(EndPointOf("203.0.113.7"));
        Task open = InvokeAsync(connection);
        connection.Closed.SetResult();

        connection.Served.SetException(new IOException());

        await Assert.ThrowsAsync<IOException>(() => open);
        Assert.Equal(0, _connections.AddressCount);
    }

    [Fact]
    public void Invoke_ManyAreClosed_SaidOnceAMinute()
    {
        Open("203.0.113.7");
        Open("203.0.113.7");
        Open("203.0.113.7");
        _time.Advance(TimeSpan.FromSeconds(59));
        Open("203.0.113.7");
        int inAMinute = _logger.Collector.Count;
        _time.Advance(TimeSpan.FromSeconds(1));
        Open("203.0.113.7");
        Open("203.0.113.7");

        Assert.Equal((1, 2), (inAMinute, _logger.Collector.Count));
    }

    [Fact]
    public void Configure_Endpoints_HaveOneCountAndHttp3Too()
    {
        using ServiceProvider services = new ServiceCollection().AddSingleton(_connections).BuildServiceProvider();
        KestrelServerOptions kestrel = new() { ApplicationServices = services };
        new KestrelLimits(_options).Configure(kestrel);
        MultiplexedConnectionDelegate[] endpoints = new MultiplexedConnectionDelegate[2];
        kestrel.Listen(IPAddress.Loopback, 8443, endpoint => endpoints[0] = ((IMultiplexedConnectionBuilder)endpoint).Build());
        kestrel.Listen(IPAddress.Loopback, 9443, endpoint => endpoints[1] = ((IMultiplexedConnectionBuilder)endpoint).Build());
        FakeConnection first = new(EndPointOf("203.0.113.7"));
        FakeConnection second = new(EndPointOf("203.0.113.7"));

        _ = endpoints[0](first);
        _ = endpoints[1](second);

        Assert.Equal((false, true), (first.IsAborted, second.IsAborted));
    }

    public void Dispose() => _services.Dispose();

    private FakeConnection Open(string from) => Open(EndPointOf(from));

    /// <summary>Opens a connection that stays open when it is admitted.</summary>
    private FakeConnection Open(EndPoint from)
    {
        FakeConnection connection = new(from);
        _ = InvokeAsync(connection);
        return connection;
    }

    private Task InvokeAsync(FakeConnection connection) => _connections.InvokeAsync(connection, () => connection.Served.Task);

    private static IPEndPoint EndPointOf(string address) => new(IPAddress.Parse(address), 50_000);
}
