using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Adapters;

/// <summary>In ASP.NET Core's own middleware on Kestrel, which tries the synchronous way first: nothing is charged twice and nothing is lost.</summary>
public sealed class MiddlewareTests
{
    private static readonly RateLimitPolicy Endpoint = new("endpoint", [new TokenBucket("burst", 5, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Global = new("global", [new TokenBucket("burst", 8, 1, TimeSpan.FromHours(1))]);

    private readonly TokenBucketLimiter _shared = TokenBucketLimiter.InMemory(new FakeTimeProvider());

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
        await RequestAsync(3, options => options.GlobalLimiter = SharedRateLimitPartition.CreateLimiter<HttpContext>(_shared, Global, _ => "all"));

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

    private async Task<long> RemainingAsync(RateLimitPolicy policy) => (await _shared.DecideAsync([new Charge(policy, "all", 0)])).Buckets[0].Remaining;
}
