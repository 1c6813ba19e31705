using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests.Management;

public sealed class ManagementServerTests
{
    private const string Section = "OpenClaw:Management";

    [Fact]
    public async Task PublicPort_Asked_HasNoProbesAndNoMetrics()
    {
        await using WebApplication app = await TestApp.StartAsync([("OpenClaw:Metrics:Prometheus:Enabled", "true")]);
        using HttpClient client = app.Connect();
        using HttpClient management = app.ConnectToManagement();

        foreach (string path in (string[])["/health", "/alive", "/metrics"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { Host = management.BaseAddress!.Authority } };
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.True((await management.GetAsync(path)).IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task Start_AndStop_AnswersBeforeAndAfterTheOthers()
    {
        Witness witness = new();
        WebApplication app = await TestApp.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton(witness);
            builder.Services.AddHostedService<Observer>();
        });

        Assert.Equal((HttpStatusCode.OK, "Unhealthy\nlifetime: The service is starting."), (witness.AliveAtStart, witness.HealthAtStart));
        Assert.Equal("Healthy", await app.ConnectToManagement().GetStringAsync("/health"));
        await app.StopAsync();
        Assert.Equal((HttpStatusCode.OK, "Unhealthy\nlifetime: The service is stopping."), (witness.AliveAtStop, witness.HealthAtStop));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Endpoints_OfTheService_AreOnTheManagementListenerWithServicesOfTheirOwn()
    {
        await using WebApplication app = await TestApp.StartAsync(
            configure: builder => builder.Services.AddSingleton<IManagementEndpoints, Greeting>());
        using HttpClient client = app.Connect();
        using HttpClient management = app.ConnectToManagement();

        Assert.Equal("hello from the inner container", await management.GetStringAsync("/greeting"));
        Assert.Equal("Healthy", await management.GetStringAsync("/health"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/greeting")).StatusCode);
    }

    [Fact]
    public async Task Worker_WithoutAWebServer_HasProbesToo()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration[$"{Section}:Port"] = "0";
        builder.AddServiceDefaults();
        using IHost host = builder.Build();
        await host.StartAsync();
        using HttpClient management = new() { BaseAddress = host.Services.GetRequiredService<ManagementServer>().Address };

        Assert.Equal("Healthy", await management.GetStringAsync("/health"));

        await host.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_WithACertificate_ServesTlsBeyondLoopback(bool isOneFile)
    {
        using PemFiles files = new();
        if (isOneFile)
        {
            await File.AppendAllTextAsync(files.Certificate, "\n" + await File.ReadAllTextAsync(files.Key));
        }

        await using WebApplication app = await TestApp.StartAsync(
        [
            ($"{Section}:Address", "0.0.0.0"), ($"{Section}:Certificate:Path", files.Certificate),
            ($"{Section}:Certificate:KeyPath", isOneFile ? "" : files.Key),
        ]);
        int port = app.Services.GetRequiredService<ManagementServer>().Address!.Port;
        using HttpClient client = new(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == files.Thumbprint },
        });

        Assert.Equal("Healthy", await client.GetStringAsync($"https://127.0.0.1:{port}/health"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"http://127.0.0.1:{port}/health"));
    }

    [Fact]
    public async Task Start_BeyondLoopbackInPlainText_NeedsToBeAllowed()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([($"{Section}:Address", "0.0.0.0")]));
        await using WebApplication app = await TestApp.StartAsync(
            [($"{Section}:Address", "0.0.0.0"), ($"{Section}:AllowPlainText", "true")]);
        int port = app.Services.GetRequiredService<ManagementServer>().Address!.Port;
        using HttpClient client = new();

        Assert.Equal(
            "OpenClaw:Management:Address is 0.0.0.0, which other machines can reach without TLS: set "
                + "OpenClaw:Management:Certificate:Path, or OpenClaw:Management:AllowPlainText=true where only trusted machines can.",
            Assert.Single(error.Failures));
        Assert.Equal("Healthy", await client.GetStringAsync($"http://127.0.0.1:{port}/health"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.3")]
    [InlineData("::1")]
    public async Task Start_OnLoopback_NeedsNothing(string address)
    {
        Assert.SkipUnless(address != "::1" || Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using WebApplication app = await TestApp.StartAsync([($"{Section}:Address", address)]);
        using HttpClient management = app.ConnectToManagement();

        Assert.Equal("Healthy", await management.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Start_SettingsWrong_NamesAllOfThem()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync(
        [
            ($"{Section}:Address", "localhost"), ($"{Section}:Port", "65536"), ($"{Section}:AllowPlainText", "yes"),
            ($"{Section}:Certificate:KeyPath", "/tmp/key"),
        ]));

        Assert.Equal(
            [
                "OpenClaw:Management:Port is '65536'; it must be 0 to 65535.",
                "OpenClaw:Management:AllowPlainText is 'yes'; it must be true or false.",
                "OpenClaw:Management:Certificate:Path is missing; OpenClaw:Management:Certificate:KeyPath needs it.",
                "OpenClaw:Management:Address is 'localhost'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.",
            ],
            error.Failures);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("")]
    [InlineData("127.0.0.1:9090")]
    public async Task Start_AddressIsNone_SaysWhatWouldBeRight(string address)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([($"{Section}:Address", address)]));

        Assert.Equal(
            $"OpenClaw:Management:Address is '{address}'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.",
                Assert.Single(error.Failures));
    }

    [Theory]
    [InlineData(Section, "9090", "OpenClaw:Management is a text; it must have settings below it.")]
    [InlineData($"{Section}:Certificate", "/tls.pem", "OpenClaw:Management:Certificate is a text; it must have settings below it.")]
    [InlineData($"{Section}:Prot", "1",
        "OpenClaw:Management:Prot is not a setting; OpenClaw:Management has: Address, AllowPlainText, Certificate, Port.")]
    [InlineData($"{Section}:Certificate:File", "1",
        "OpenClaw:Management:Certificate:File is not a setting; OpenClaw:Management:Certificate has: KeyPath, Path.")]
    public async Task Start_WrongName_SaysWhatThereIs(string name, string value, string message)
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync([(name, value)]));

        Assert.Equal(message, Assert.Single(error.Failures));
    }

    [Fact]
    public async Task Start_CertificateUnreadable_NamesTheSetting()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync([($"{Section}:Certificate:Path", "/nowhere/tls.crt")]));

        Assert.StartsWith(
            "OpenClaw:Management:Certificate:Path is /nowhere/tls.crt, which must be a PEM file with a certificate and its unencrypted "
                + "key: Could not find",
            Assert.Single(error.Failures));
    }

    [Fact]
    public async Task Start_PortTaken_IsOneSentenceThatNamesTheSetting()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        IOException error = await Assert.ThrowsAsync<IOException>(() => TestApp.StartAsync([($"{Section}:Port", $"{port}")]));

        Assert.Equal(
            $"OpenClaw:Management:Port is {port}, and another program listens on 127.0.0.1, port {port} already: set a free port, "
                + "or 0 for any.",
            error.Message);
    }

    [Theory]
    [InlineData("http_ports", "8080;{0}", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("urls", "http://localhost:{0}/", "ASPNETCORE_URLS")]
    public void Validate_PortIsAPublicOne_NamesBoth(string key, string value, string variable)
    {
        int port = LoopbackPort.Free();
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(key, string.Format(System.Globalization.CultureInfo.InvariantCulture, value, port))]).Build();

        ValidateOptionsResult result = new ManagementOptionsValidator(configuration).Validate(null, new ManagementOptions { Port = port });

        Assert.Equal(
            [$"OpenClaw:Management:Port is {port}, and so is a public port ({variable}); each needs a port of its own."], result.Failures);
    }

    /// <summary>What the listener answered while another service started and stopped.</summary>
    private sealed class Witness
    {
        public HttpStatusCode AliveAtStart { get; set; }

        public string? HealthAtStart { get; set; }

        public HttpStatusCode AliveAtStop { get; set; }

        public string? HealthAtStop { get; set; }
    }

    private sealed class Observer(ManagementServer management, Witness witness) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) =>
            (witness.AliveAtStart, witness.HealthAtStart) = await AskAsync();

        public async Task StopAsync(CancellationToken cancellationToken) =>
            (witness.AliveAtStop, witness.HealthAtStop) = await AskAsync();

        private async Task<(HttpStatusCode, string)> AskAsync()
        {
            using HttpClient client = new() { BaseAddress = management.Address };
            using HttpResponseMessage health = await client.GetAsync("/health");
            using HttpResponseMessage alive = await client.GetAsync("/alive");
            return (alive.StatusCode, await health.Content.ReadAsStringAsync());
        }
    }

    private sealed class Greeting : IManagementEndpoints
    {
        public void AddServices(IServiceCollection services) => services.AddSingleton("the inner container");

        public void Map(WebApplication app) =>
            app.MapGet("/greeting", (IServiceProvider services) => $"hello from {services.GetService<string>()}");
    }
}
