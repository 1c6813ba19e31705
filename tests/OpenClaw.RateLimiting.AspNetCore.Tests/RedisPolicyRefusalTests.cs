using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.Adapters;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

public sealed class RedisPolicyRefusalTests
{
    private static readonly RateLimitPolicy Api = new("api", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(10))]);

    [Fact]
    public async Task OnRejected_OfThePolicyAndOfAll_AreCalledInOrderBeforeTheProblem()
    {
        List<string> called = [];
        await using TestApp app = await TestApp.StartAsync(options =>
        {
            options.AddRedisPolicy("api", policy => policy.PerUser(Api).OnRejected = (context, _) =>
            {
                called.Add($"policy {context.HttpContext.Response.StatusCode}");
                return ValueTask.CompletedTask;
            });
            options.OnRejected = (context, _) =>
            {
                called.Add($"all {context.Lease.TryGetMetadata(SharedRateLimitMetadata.Decision, out RateLimitDecision denied)}"
                    + $" {denied.IsAllowed}");
                return ValueTask.CompletedTask;
            };
        });
        await DrainAsync(app);

        using HttpResponseMessage response = await app.GetAsync(user: "ann");

        Assert.Equal(["policy 429", "all True False"], called);
        Assert.Contains("quota-exceeded", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OnRejected_WithAResponseOfItsOwn_ReplacesTheProblem(bool written)
    {
        await using TestApp app = await TestApp.StartAsync(options => options.AddRedisPolicy("api", policy =>
        {
            policy.PerUser(Api);
            policy.ProblemDetails = written;
            policy.OnRejected = async (context, cancellation) =>
            {
                if (written)
                {
                    await context.HttpContext.Response.WriteAsync("later", cancellation);
                }
            };
        }));
        await DrainAsync(app);

        using HttpResponseMessage response = await app.GetAsync(user: "ann");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.Contains("Retry-After"));
        Assert.Equal(written ? "later" : "", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Blocked_Partition_Gets429ThatSaysSo()
    {
        await using TestApp app = await TestApp.StartAsync(options => options.AddRedisPolicy("api", policy => policy.PerUser(Api)));
        await app.Services.GetRequiredService<IRateLimiterAdmin>().BlockAsync(Api, "u:ann", TimeSpan.FromMinutes(1));

        using HttpResponseMessage response = await app.GetAsync(user: "ann");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Contains("abnormal-usage-detected", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RedisAway_PolicyFailsClosed_Gets503()
    {
        RateLimitPolicy closed = new("closed", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(10))], FailureMode.Closed);
        await using TestApp app = await TestApp.StartAsync(
            options => options.AddRedisPolicy("api", policy =>
            {
                policy.LimiterKey = "away";
                policy.PerUser(closed);
            }),
            services => services
                .AddSingleton(TimeProvider.System)
                .AddKeyedRedisRateLimiter("away", _ => ConfigurationOptions.Parse($"127.0.0.1:{LoopbackPort.Free()}")));

        using HttpResponseMessage response = await app.GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("temporary-reduced-capacity", await response.Content.ReadAsStringAsync());
    }

    private static async Task DrainAsync(TestApp app)
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string? user = "ann")
    {
        using HttpResponseMessage response = await app.GetAsync(user: user);
        return response.StatusCode;
    }
}
