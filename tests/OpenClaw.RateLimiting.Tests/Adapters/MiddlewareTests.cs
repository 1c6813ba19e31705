using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Adapters;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Adapters;

/// <summary>In ASP.NET Core's own middleware on Kestrel, which tries the synchronous way first: nothing is charged twice and nothing is
/// lost.</summary>
public sealed class MiddlewareTests
{
    private static readonly RateLimitPolicy Endpoint = new("endpoint", [new TokenBucket("burst", 5, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Global = new("global", [new TokenBucket("burst", 8, 1, TimeSpan.FromHours(1))]);

    private readonly RateLimiterClient _shared = RateLimiterClient.InMemory(new FakeTimeProvider());

    [Fact]
    public async Task Endpoint_Alone_ChargesEachRequestOnce()
    {
        HttpStatusCode[] answers = await RequestAsync(7, _ => { });

        Assert.Equal(5, answers.Count(answer => answer == HttpStatusCode.OK));
        Assert.Equal(2, answers.Count(answer => answer == HttpStatusCode.TooManyRequests));
        Assert.Equal(0, await RemainingAsync(Endpoint));
    }

    [Fact]
    public async Task Endpoint_BesideASharedGlobalLimiter_ChargesBothOnce()
    {
        await RequestAsync(
            3, options => options.GlobalLimiter = SharedRateLimitPartition.CreateLimiter<HttpContext>(_shared, Global, _ => "all"));

        Assert.Equal(5 - 3, await RemainingAsync(Endpoint));
        Assert.Equal(8 - 3, await RemainingAsync(Global));
    }

    [Fact]
    public async Task Endpoint_BesideAConcurrencyLimiter_ChargesOnceAndReturnsItsLease()
    {
        HttpStatusCode[] answers = await RequestAsync(4, options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(
            _ => RateLimitPartition.GetConcurrencyLimiter(0, _ => new ConcurrencyLimiterOptions { PermitLimit = 1 })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(5 - 4, await RemainingAsync(Endpoint));
    }

    [Fact]
    public async Task Global_BesideABuiltInEndpointLimiter_ChargesBothOnce()
    {
        HttpStatusCode[] answers = await RequestAsync(
            6,
            options =>
            {
                options.GlobalLimiter = SharedRateLimitPartition.CreateLimiter<HttpContext>(_shared, Global, _ => "all");
                options.AddTokenBucketLimiter("builtin", builtIn =>
                {
                    builtIn.TokenLimit = 4;
                    builtIn.TokensPerPeriod = 1;
                    builtIn.ReplenishmentPeriod = TimeSpan.FromHours(1);
                });
            },
            "/builtin");

        Assert.Equal(4, answers.Count(answer => answer == HttpStatusCode.OK));
        Assert.Equal(8 - 6, await RemainingAsync(Global));
    }

    [Fact]
    public async Task Statistics_InTheMiddleware_CountEachRequestOnce()
    {
        using PartitionedRateLimiter<HttpContext> global = SharedRateLimitPartition.CreateLimiter<HttpContext>(_shared, Global, _ => "all");
        await RequestAsync(10, options => options.GlobalLimiter = global);

        // 8 of 10 pass the global limiter; the synchronous attempt before each is no lease.
        RateLimiterStatistics statistics = global.GetStatistics(new DefaultHttpContext())!;
        Assert.Equal((8, 2), (statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases));
        Assert.Equal((0, 0), (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount));
    }

    // The runtime disposes limiters of partitions that were idle for ten seconds.
    [Fact]
    public async Task Partition_IdleForMoreThanTenSeconds_IsDroppedAndItsStateIsNot()
    {
        FakeTimeProvider time = new();
        List<RateLimiter> made = [];
        using PartitionedRateLimiter<HttpContext> global =
            PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.Get("all", key =>
        {
            made.Add(new SharedRateLimiter(_shared, Global, key, time));
            return made[^1];
        }));
        void Configure(RateLimiterOptions options) => options.GlobalLimiter = global;
        await RequestAsync(2, Configure);
        time.Advance(TimeSpan.FromSeconds(9));
        await RequestAsync(1, Configure);
        Assert.Single(made);

        time.Advance(TimeSpan.FromSeconds(11));
        await Poll.UntilAsync("it is disposed", () => IsDisposed(made[0]), TimeSpan.FromSeconds(10));

        Assert.Equal([HttpStatusCode.OK], await RequestAsync(1, Configure));
        Assert.Equal(2, made.Count);
        Assert.Equal(8 - 4, await RemainingAsync(Global));

        static bool IsDisposed(RateLimiter limiter)
        {
            try
            {
                limiter.AttemptAcquire().Dispose();
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    private async Task<HttpStatusCode[]> RequestAsync(int requests, Action<RateLimiterOptions> configure, string path = "/")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy("shared", _ => SharedRateLimitPartition.Get(_shared, Endpoint, "all"));
            configure(options);
        });
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseRateLimiter();
        app.MapGet("/", () => "ok").RequireRateLimiting("shared");
        if (path != "/")
        {
            app.MapGet(path, () => "ok").RequireRateLimiting(path[1..]);
        }

        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < requests; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            answers.Add(response.StatusCode);
        }

        return [.. answers];
    }

    private async Task<long> RemainingAsync(RateLimitPolicy policy)
        => (await _shared.DecideAsync([new Charge(policy, "all", 0)])).Buckets[0].Remaining;
}
