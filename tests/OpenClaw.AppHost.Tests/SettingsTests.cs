using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost.Tests;

// One test sets an environment variable, which a graph that starts at the same time must not see.
[Collection(StackFixture.Collection)]
public sealed class SettingsTests
{
    // These tests do not depend on whether the usual ports are free.
    private const string AnyPorts = "--DcpPublisher:RandomizePorts=true";

    [Theory]
    [InlineData("OpenClaw:Redis=memcached", "'memcached'; it must be 'container', 'embedded' or 'external'")]
    [InlineData("OpenClaw:Redis=external", "set ConnectionStrings:redis")]
    [InlineData("OpenClaw:RatingApi=nowhere", "OpenClaw:RatingApi is 'nowhere'; it must be an absolute http or https address")]
    [InlineData("OpenClaw:Port=0", "OpenClaw:Port is '0'; it must be a port, 1 to 65535, or unset for 8080.")]
    [InlineData("OpenClaw:Port=65536", "OpenClaw:Port is '65536'; it must be a port")]
    [InlineData("OpenClaw:Port=-1", "OpenClaw:Port is '-1'; it must be a port")]
    [InlineData("OpenClaw:Port=http", "OpenClaw:Port is 'http'; it must be a port")]
    [InlineData("OpenClaw:Port=8081", "OpenClaw:ManagementPort is 8081, and so is OpenClaw:Port; each needs a port of its own.")]
    [InlineData("OpenClaw:ManagementPort=70000", "OpenClaw:ManagementPort is '70000'; it must be a port, 1 to 65535, or unset for 8081.")]
    [InlineData("OpenClaw:Prt=80",
        "OpenClaw:Prt is not a setting; OpenClaw has: Console, Edge, Management, ManagementPort, Metrics, Notifier, Port, RatingApi, "
            + "Redis, Traces.")]
    [InlineData("OpenClaw:Metrics:Prometheus:Prot=80",
        "OpenClaw:Metrics:Prometheus:Prot is not a setting; OpenClaw:Metrics:Prometheus has: Enabled, ")]
    public async Task Create_WrongSetting_SaysWhatWouldBeRight(string setting, string message)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => DescribeAsync("--OpenClaw:Redis=embedded", $"--{setting}"));

        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongSettings_PrintsASentenceForEachAndNoStackTrace()
    {
        var (exitCode, _, errors) = await AppHostProcess.RunAsync(
            AnyPorts, "--OpenClaw:Redis=memcached", "--OpenClaw:RatingApi=nowhere", "--OpenClaw:Rdis=embedded");

        Assert.Equal(1, exitCode);
        Assert.Collection(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("OpenClaw:Rdis is not a setting; OpenClaw has: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("OpenClaw:Redis is 'memcached'; it must be", line, StringComparison.Ordinal),
            line => Assert.StartsWith("OpenClaw:RatingApi is 'nowhere'; it must be", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_RealRatingApi_LeavesTheMockOut()
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=embedded", "--OpenClaw:RatingApi=https://ratings.example.com");

        Assert.DoesNotContain(appHost.Resources, resource => resource.Name == "rating-api");
    }

    [Fact]
    public void Read_RatingApiWithEscapes_KeepsThem()
    {
        var settings = AppHostSettings.Read(
            Configure(("OpenClaw:RatingApi", "https://ratings.example.com/v%201"), ("DcpPublisher:RandomizePorts", "true")));

        Assert.Equal("https://ratings.example.com/v%201", settings.RatingApi);
    }

    [Fact]
    public void Read_NoPortSet_IsTheUsualOne()
    {
        var settings = AppHostSettings.Read(Configure(("DcpPublisher:RandomizePorts", "true")));

        Assert.Equal((8080, 8081), (settings.Port, settings.ManagementPort));
    }

    [Fact]
    public void Read_PortsInUse_SaysWhichAndHowToChooseOthers()
    {
        using var one = Listen();
        using var other = Listen();
        var (port, management) = (PortOf(one), PortOf(other));

        var error = Assert.Throws<DistributedApplicationException>(() =>
            AppHostSettings.Read(Configure(("OpenClaw:Port", $"{port}"), ("OpenClaw:ManagementPort", $"{management}"))));

        Assert.Equal(
            [
                $"OpenClaw:Port is {port}, and another program listens on that port already: stop it, or set OpenClaw:Port to a free port.",
                $"OpenClaw:ManagementPort is {management}, and another program listens on that port already: stop it, or set "
                    + "OpenClaw:ManagementPort to a free port.",
            ],
            error.Message.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("8090")]
    [InlineData("")]
    public async Task Create_PublicPort_IsTheEdgesProxiedPort(string port)
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=embedded", $"--OpenClaw:Port={port}");

        var edge = appHost.Resources.Single(resource => resource.Name == "edge");
        var http = edge.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "http");
        Assert.Equal(port.Length == 0 ? 8080 : int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), http.Port);
    }

    [Fact]
    public async Task Create_ExternalRedis_StartsNoServer()
    {
        await using var appHost = await DescribeAsync(
            "--OpenClaw:Redis=external", "--ConnectionStrings:redis=elsewhere:6379,password=secret");

        var redis = Assert.Single(appHost.Resources.OfType<IResourceWithConnectionString>());
        Assert.Equal("elsewhere:6379,password=secret", await redis.GetConnectionStringAsync());
        Assert.DoesNotContain(appHost.Resources, resource => resource is EmbeddedRedis);
    }

    [Fact]
    public async Task Create_ContainerRedis_HasADataVolume()
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=container");

        var redis = Assert.Single(appHost.Resources.OfType<RedisResource>());
        Assert.Contains(
            redis.Annotations.OfType<ContainerMountAnnotation>(), mount => mount is { Type: ContainerMountType.Volume, Target: "/data" });
    }

    [Theory]
    [InlineData("exit 0", false)]
    [InlineData("exit 1", true)]
    [InlineData("test $1 = info", true)]
    public async Task Create_NothingSet_TakesTheContainerWhereARuntimeHasTheImage(string runtime, bool isEmbedded)
    {
        using var pretended = new PretendedRuntime(runtime);

        await using var appHost = await DescribeAsync();

        Assert.Equal(isEmbedded, appHost.Resources.Any(resource => resource is EmbeddedRedis));
        Assert.Equal(!isEmbedded, appHost.Resources.OfType<RedisResource>().Any());
    }

    private static IConfiguration Configure(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build();

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static Task<IDistributedApplicationTestingBuilder> DescribeAsync(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(args);
}
