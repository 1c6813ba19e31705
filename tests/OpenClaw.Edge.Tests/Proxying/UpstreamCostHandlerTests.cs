using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Proxying;
using OpenClaw.RateLimiting;
using Yarp.ReverseProxy.Transforms;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class UpstreamCostHandlerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _client = new();
    private readonly CancellationTokenSource _caller;
    private readonly DefaultHttpContext _context = new();
    private readonly Upstream _upstream = new();

    public UpstreamCostHandlerTests()
    {
        _caller = CancellationTokenSource.CreateLinkedTokenSource(_client.Token);
        _context.RequestAborted = _client.Token;
        _context.Features.Set(new UpstreamCost(null!, null!, "X-Cost") { Charged = default(Charge) });
    }

    public void Dispose()
    {
        _client.Dispose();
        _caller.Dispose();
    }

    [Fact]
    public async Task SendAsync_ClientLeaves_GoesOnForTheTimeout()
    {
        Task<HttpResponseMessage> answer = SendAsync();

        await _client.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_upstream.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task SendAsync_ClientLeavesAndTheHeadComes_IsReturned()
    {
        Task<HttpResponseMessage> answer = SendAsync();

        await _client.CancelAsync();
        _upstream.Answer.SetResult(new HttpResponseMessage(HttpStatusCode.Accepted));

        Assert.Equal(HttpStatusCode.Accepted, (await answer).StatusCode);
    }

    [Fact]
    public async Task SendAsync_CallerGivesUpButNotTheClient_EndsAtOnce()
    {
        Task<HttpResponseMessage> answer = SendAsync();

        await _caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task SendAsync_RouteTimesOut_EndsAtOnce()
    {
        // Its middleware puts a token into RequestAborted that ends with either.
        _context.Features.Set<IHttpRequestTimeoutFeature>(new TimedOut(_client.Token));
        Task<HttpResponseMessage> answer = SendAsync();

        await _client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("SPDY/3.1")]
    public async Task SendAsync_ClientThatAsksForAnUpgradeLeaves_GoesOnForTheTimeout(string protocol)
    {
        AskForUpgrade(protocol);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(_client.Token);
        _context.RequestAborted = late.Token;
        _context.Features.Set(new UpgradeDeadline(late, _client.Token));
        Task<HttpResponseMessage> answer = SendAsync();

        await _client.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_upstream.Token.IsCancellationRequested);
        _upstream.Answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK));

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task SendAsync_DeadlineOfAnUpgradePasses_EndsAtOnce()
    {
        AskForUpgrade("websocket");
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(_client.Token);
        _context.RequestAborted = late.Token;
        _context.Features.Set(new UpgradeDeadline(late, _client.Token));
        using CancellationTokenRegistration linked = late.Token.Register(_caller.Cancel);
        Task<HttpResponseMessage> answer = SendAsync();

        await late.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task SendAsync_ClientHasLeftBefore_IsNotSent()
    {
        await _client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(SendAsync);

        Assert.True(_upstream.Token.IsCancellationRequested);
    }

    private void AskForUpgrade(string protocol)
    {
        _context.Request.Headers.Upgrade = protocol;
        _context.Features.Set<IHttpUpgradeFeature>(new Upgradable());
    }

    private async Task<HttpResponseMessage> SendAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "http://upstream/rating");
        await UpstreamCostHandler.Mark(new RequestTransformContext { HttpContext = _context, ProxyRequest = request });
        using HttpMessageInvoker invoker = new(new UpstreamCostHandler(_upstream, TimeSpan.FromSeconds(10), _time));
        return await invoker.SendAsync(request, _caller.Token);
    }

    private sealed class Upstream : HttpMessageHandler
    {
        public TaskCompletionSource<HttpResponseMessage> Answer { get; } = new();

        public CancellationToken Token { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            return Answer.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class Upgradable : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync() => throw new NotSupportedException();
    }

    private sealed class TimedOut(CancellationToken token) : IHttpRequestTimeoutFeature
    {
        public CancellationToken RequestTimeoutToken => token;

        public void DisableTimeout()
        {
        }
    }
}
