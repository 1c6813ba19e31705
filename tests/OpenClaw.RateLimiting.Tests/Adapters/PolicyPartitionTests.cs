using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Adapters;
using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Adapters;

/// <summary>One client under several policies, and policies that change under a busy client.</summary>
public sealed class PolicyPartitionTests
{
    private static readonly RateLimitPolicy Read = Policy("read", 5), Write = Policy("write", 2);

    private readonly RateLimiterClient _shared = RateLimiterClient.InMemory(new FakeTimeProvider());

    [Fact]
    public async Task Acquire_OnePartitionUnderTwoPolicies_ChargesEachItsOwn()
    {
        using PartitionedRateLimiter<RateLimitPolicy> limiter =
            PartitionedRateLimiter.Create<RateLimitPolicy, string>(policy => SharedRateLimitPartition.Get(_shared, policy, "user"));

        Assert.Equal((5, 2), (await AdmitAsync(limiter, Read, 7), await AdmitAsync(limiter, Write, 7)));
        Assert.Equal((5, 5), (limiter.GetStatistics(Read)!.TotalSuccessfulLeases, limiter.GetStatistics(Write)!.TotalFailedLeases));
    }

    [Fact]
    public async Task Acquire_OnePolicyOfTwoLimiters_ChargesEachItsOwn()
    {
        RateLimiterClient other = RateLimiterClient.InMemory(new FakeTimeProvider());
        using PartitionedRateLimiter<RateLimiterClient> limiter =
            PartitionedRateLimiter.Create<RateLimiterClient, string>(client => SharedRateLimitPartition.Get(client, Read, "user"));

        Assert.Equal((5, 5), (await AdmitAsync(limiter, _shared, 7), await AdmitAsync(limiter, other, 7)));
    }

    [Fact]
    public async Task Acquire_PolicyChangedUnderABusyPartition_TakesEffectAtOnce()
    {
        RateLimitPolicy current = Read;
        using PartitionedRateLimiter<string> limiter =
            PartitionedRateLimiter.Create<string, string>(name => SharedRateLimitPartition.Get(_shared, current, name));
        Assert.Equal(5, await AdmitAsync(limiter, "user", 7));

        // The level is carried over in proportion: empty of five is empty of ten, and the refund leaves three.
        current = Policy("read", 10);
        await _shared.RefundAsync(new Charge(current, "user", 3));

        Assert.Equal(3, await AdmitAsync(limiter, "user", 7));
        Assert.Equal(10, await LimitAsync(limiter, "user"));
    }

    [Fact]
    public async Task Acquire_PolicyReadAgainUnchanged_KeepsItsLimiter()
    {
        using PartitionedRateLimiter<string> limiter =
            PartitionedRateLimiter.Create<string, string>(name => SharedRateLimitPartition.Get(_shared, Policy("read", 5), name));

        await AdmitAsync(limiter, "user", 7);

        Assert.Equal((5, 2), (limiter.GetStatistics("user")!.TotalSuccessfulLeases, limiter.GetStatistics("user")!.TotalFailedLeases));
    }

    public static TheoryData<string> Differences => ["failure mode", "shadow", "rate", "another bucket"];

    [Theory]
    [MemberData(nameof(Differences))]
    public void Get_PoliciesThatDecideDifferently_HaveDifferentKeys(string difference)
    {
        TokenBucket bucket = new("burst", 5, 1, TimeSpan.FromHours(1));
        RateLimitPolicy one = new("p", [bucket]), other = difference switch
        {
            "failure mode" => new RateLimitPolicy("p", [bucket], FailureMode.Closed),
            "shadow" => new RateLimitPolicy("p", [bucket with { Shadow = true }]),
            "rate" => new RateLimitPolicy("p", [bucket with { RefillPeriod = TimeSpan.FromHours(2) }]),
            _ => new RateLimitPolicy("p", [bucket, bucket with { Name = "more" }]),
        };

        Assert.NotEqual(KeyOf(one), KeyOf(other));
        Assert.Equal(KeyOf(one), KeyOf(new RateLimitPolicy("p", [bucket])));

        string KeyOf(RateLimitPolicy policy) => SharedRateLimitPartition.Get(_shared, policy, "a").PartitionKey;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Middleware_OneUserUnderTwoPolicies_ChargesEachItsOwn(bool global)
    {
        RateLimitPolicy write = Write;
        RateLimitPartition<string> PartitionOf(HttpContext context)
            => SharedRateLimitPartition.Get(_shared, HttpMethods.IsGet(context.Request.Method) ? Read : write, "user");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy<string>("by-method", global ? _ => RateLimitPartition.GetNoLimiter("none") : PartitionOf);
            options.GlobalLimiter = global ? PartitionedRateLimiter.Create<HttpContext, string>(PartitionOf) : null;
        });
        await using WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseRateLimiter();
        app.MapMethods("/", ["GET", "POST"], () => "ok").RequireRateLimiting("by-method");
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal((5, 2), (await CountAsync(HttpMethod.Get, 7), await CountAsync(HttpMethod.Post, 7)));

        // The numbers change while the user is busy.
        write = Policy("write", 20);
        await _shared.ResetAsync(write, "user");
        Assert.Equal(20, await CountAsync(HttpMethod.Post, 25));

        async Task<int> CountAsync(HttpMethod method, int requests)
        {
            var allowed = 0;
            for (var i = 0; i < requests; i++)
            {
                using HttpRequestMessage request = new(method, "/");
                using HttpResponseMessage response = await client.SendAsync(request);
                allowed += response.IsSuccessStatusCode ? 1 : 0;
            }

            return allowed;
        }
    }

    private static RateLimitPolicy Policy(string name, long capacity)
        => new(name, [new TokenBucket("burst", capacity, 1, TimeSpan.FromHours(1))]);

    private static async Task<int> AdmitAsync<T>(PartitionedRateLimiter<T> limiter, T resource, int requests)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            using RateLimitLease lease = await limiter.AcquireAsync(resource);
            admitted += lease.IsAcquired ? 1 : 0;
        }

        return admitted;
    }

    private static async Task<long> LimitAsync(PartitionedRateLimiter<string> limiter, string name)
    {
        using RateLimitLease lease = await limiter.AcquireAsync(name);
        Assert.True(lease.TryGetMetadata(SharedRateLimitMetadata.Decision, out RateLimitDecision decision));
        return decision.Buckets[0].Bucket.Capacity;
    }
}
