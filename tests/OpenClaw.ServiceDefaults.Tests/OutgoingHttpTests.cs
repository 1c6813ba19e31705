using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

/// <summary>Clients of the factory against a server that answers what the path says and counts what it receives.</summary>
public sealed class OutgoingHttpTests : IAsyncLifetime
{
    private const int Retries = 3;
    private readonly ConcurrentQueue<string> _received = [];
    private WebApplication _upstream = null!;
    private WebApplication _service = null!;

    private HttpClient Client => _service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("upstream");

    public async ValueTask InitializeAsync()
    {
        _upstream = await TestApp.StartAsync(map: app => app.Map("/{status:int}", (HttpRequest request, int status) =>
        {
            _received.Enqueue(request.Method);
            return Results.StatusCode(status);
        }));
        _service = await TestApp.StartAsync(
            [("services:upstream:http:0", _upstream.Urls.Single())],
            builder =>
            {
                builder.Services.AddHttpClient("upstream", client => client.BaseAddress = new Uri("http://upstream"));
                builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
            });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Send_ServiceName_IsResolvedFromConfiguration()
    {
        using HttpResponseMessage response = await Client.GetAsync("/200");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(_received);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Send_SafeMethodAnsweredWith503_IsRetried(string method)
    {
        using HttpResponseMessage response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/503"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1 + Retries, _received.Count);
    }

    [Theory]
    [InlineData("POST", 503)]
    [InlineData("PATCH", 503)]
    [InlineData("PUT", 503)]
    [InlineData("DELETE", 503)]
    [InlineData("PROPFIND", 503)]
    [InlineData("POST", 500)]
    [InlineData("POST", 408)]
    [InlineData("POST", 429)]
    [InlineData("GET", 429)]
    [InlineData("HEAD", 429)]
    public async Task Send_UnsafeMethodOr429_IsSentExactlyOnce(string method, int status)
    {
        using HttpResponseMessage response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/{status}"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal([method], _received);
    }

    [Fact]
    public async Task Send_ConnectionRefused_PostFailsAtOnceAndGetIsRetried()
    {
        await _upstream.StopAsync();
        int attempts = 0;
        await using WebApplication service = await TestApp.StartAsync(configure: builder =>
        {
            builder.Services.AddHttpClient("refused").AddHttpMessageHandler(() => new CountingHandler(() => attempts++));
            builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
        });
        HttpClient client = service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("refused");
        client.BaseAddress = new Uri(_upstream.Urls.Single());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/200", null));
        Assert.Equal(1, attempts);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/200"));
        Assert.Equal(1 + 1 + Retries, attempts);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Send_ConnectionEndsBeforeAnAnswer_UnsafeRequestWithoutABodyIsSentOnce(string method)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ConcurrentQueue<string?> received = [];
        Task serving = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient connection = await listener.AcceptTcpClientAsync();
                using StreamReader reader = new(connection.GetStream());
                received.Enqueue(await reader.ReadLineAsync());
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }
            }
        });

        await Assert.ThrowsAsync<HttpRequestException>(
            () => Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"http://{listener.LocalEndpoint}/")));

        Assert.Equal([$"{method} / HTTP/1.1"], received);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    [Fact]
    public async Task Send_Many429s_DoNotOpenTheCircuit()
    {
        for (int i = 0; i < 150; i++)
        {
            (await Client.GetAsync("/429")).Dispose();
        }

        Assert.Equal(150, _received.Count);
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/200")).StatusCode);
    }

    [Fact]
    public async Task Send_Many503s_OpenTheCircuit() =>
        await Assert.ThrowsAsync<BrokenCircuitException>(async () =>
        {
            for (int i = 0; i < 150; i++)
            {
                (await Client.PostAsync("/503", null)).Dispose();
            }
        });

    private sealed class CountingHandler(Action sent) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
