using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.Adapters;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

public sealed class RedisPolicyTests
{
    private static readonly RateLimitPolicy Api = new("api", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(10))]);
    private static readonly RateLimitPolicy Address = new("address", [new TokenBucket("address", 5, 1, TimeSpan.FromHours(1))]);

    [Fact]
    public async Task Request_WithinTheLimit_CarriesTheFields()
    {
        await using TestApp app = await TestApp.StartAsync(options => options.AddRedisPolicy("api", policy => policy.PerUser(Api)));

        using HttpResponseMessage response = await app.GetAsync(user: "ann");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["\"burst\";q=3;w=30"], response.Headers.GetValues("RateLimit-Policy"));
        Assert.Equal(["\"burst\";r=2;t=10"], response.Headers.GetValues("RateLimit"));
    }

    [Fact]
    public async Task Request_AboveTheLimit_Gets429WithAProblemAndRetryAfterAndTheNextTokenAdmits()
    {
        await using TestApp app = await TestApp.StartAsync(options => options.AddRedisPolicy("api", policy =>
        {
            policy.RetryAfterJitter = 0;
            policy.PerUser(Api);
        }));
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK],
            [await StatusAsync(app), await StatusAsync(app), await StatusAsync(app)]);

        using HttpResponseMessage response = await app.GetAsync(user: "ann");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["10"], response.Headers.GetValues("Retry-After"));
        Assert.Equal(["\"burst\";r=0;t=10"], response.Headers.GetValues("RateLimit"));
        const string Types = "https://iana.org/assignments/http-problem-types";
        Assert.Equal(
            $$"""{"type":"{{Types}}#quota-exceeded","title":"Too Many Requests","status":429,"detail":"The quota is used up; see """
                + $$"""Retry-After.","error":"Too Many Requests","violated-policies":["burst"]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "bob"));
        app.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app));
    }

    [Fact]
    public async Task PerAddress_BesideAUser_IsChargedAndShownOnlyWhenItRefuses()
    {
        await using TestApp app = await TestApp.StartAsync(
            options => options.AddRedisPolicy("api", policy => policy.PerAddress(Address).PerUser(Api)));
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage admitted = await app.GetAsync(user: $"user{i}");
            Assert.Equal("\"burst\";q=3;w=30", admitted.Headers.GetValues("RateLimit-Policy").Single());
            Assert.Equal("\"burst\";r=2;t=10", admitted.Headers.GetValues("RateLimit").Single());
        }

        using HttpResponseMessage refused = await app.GetAsync(user: "user6");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("\"address\";q=5;w=18000, \"burst\";q=3;w=30", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Contains("\"violated-policies\":[\"address\"]", await refused.Content.ReadAsStringAsync());

        // All or none: the user paid nothing.
        RateLimitDecision user = await app.Services.GetRequiredService<IRateLimiterAdmin>().InspectAsync(Api, "u:user6");
        Assert.Equal(3, user.Buckets[0].Remaining);
    }

    [Fact]
    public async Task PerUser_WithoutAUser_ChargesTheAddress()
    {
        await using TestApp app = await TestApp.StartAsync(options => options.AddRedisPolicy("api", policy => policy.PerUser(Api)));

        await StatusAsync(app, user: null);

        IRateLimiterAdmin admin = app.Services.GetRequiredService<IRateLimiterAdmin>();
        Assert.Equal(2, (await admin.InspectAsync(Api, "a:127.0.0.1")).Buckets[0].Remaining);
    }

    [Fact]
    public async Task AddRedisPolicy_WithoutCharges_TakesThePolicyOfItsNameFromTheConfigurationAndFollowsIt()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Policies:api:Buckets:minute:Capacity"] = "60",
            ["Policies:api:Buckets:minute:RefillTokens"] = "60",
            ["Policies:api:Buckets:minute:RefillPeriod"] = "00:01:00",
        }).Build();
        await using TestApp app = await TestApp.StartAsync(
            options => options.AddRedisPolicy("api"), services => services.AddInMemoryRateLimiter(configuration));
        using HttpResponseMessage before = await app.GetAsync();
        configuration["Policies:api:Buckets:minute:Capacity"] = "120";
        configuration.Reload();

        using HttpResponseMessage after = await app.GetAsync();

        Assert.Equal("\"minute\";q=60;w=60", before.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"minute\";q=120;w=120", after.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task Start_PolicyThatTheConfigurationLacks_FailsWithTheNames()
    {
        KeyNotFoundException exception = await Assert.ThrowsAsync<KeyNotFoundException>(
            () => TestApp.StartAsync(options => options.AddRedisPolicy("api")));

        Assert.Equal("There is no rate limit policy 'api' in the configuration, nor any other.", exception.Message);
    }

    [Fact]
    public async Task Start_WithoutALimiter_SaysWhatToCall()
    {
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestApp.StartAsync(options => options.AddRedisPolicy("api", policy => policy.PerUser(Api)), _ => { }));

        Assert.Equal("No rate limiter is registered. Call AddRedisRateLimiter or AddInMemoryRateLimiter.", exception.Message);
    }

    [Fact]
    public void AddRedisPolicy_InvalidSettings_ReportsAllErrors()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new RateLimiterOptions().AddRedisPolicy("api", policy =>
        {
            policy.IPv6PrefixLength = 8;
            policy.RetryAfterJitter = -1;
            policy.PerAddress(Address).PerAddress(Api);
        }));

        Assert.StartsWith(
            string.Join(
                Environment.NewLine,
                "Policy 'api': PerAddress is there twice; give one policy several buckets instead.",
                "Policy 'api': IPv6PrefixLength is 8; it must be 32 to 128.",
                "Policy 'api': RetryAfterJitter is -1; it must be 0 to 10."),
            exception.Message);
    }

    [Fact]
    public async Task Policies_SeveralAndByAttribute_DecideIndependently()
    {
        await using TestApp app = await TestApp.StartAsync(
            options => options
                .AddRedisPolicy("api", policy => policy.PerUser(Api))
                .AddRedisPolicy("search", policy =>
                {
                    policy.Headers = RateLimitHeaderStyle.Legacy;
                    policy.Cost = context => int.Parse(context.Request.Query["cost"].ToString());
                    policy.Per(_ => "everybody", Address);
                }),
            map: app => app.MapGet("/search", [EnableRateLimiting("search")] () => "found"));

        using HttpResponseMessage found = await app.GetAsync("/search?cost=4");
        using HttpResponseMessage refused = await app.GetAsync("/search?cost=2");
        using HttpResponseMessage impossible = await app.GetAsync("/search?cost=6");

        Assert.Equal("1", found.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.False(found.Headers.Contains("RateLimit"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.False(impossible.Headers.Contains("Retry-After"));
        Assert.Contains("costs more than the quota can ever hold", await impossible.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app));
    }

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

    [Fact]
    public async Task Redis_ConcurrentRequestsOfOneUser_EachCarryTheirOwnFieldsAndNoSecretIsStored()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        RateLimitPolicy hundred = new("hundred", [new TokenBucket("burst", 100, 1, TimeSpan.FromDays(1))]);
        await using TestApp app = await TestApp.StartAsync(
            options => options.AddRedisPolicy("api", policy => policy.PerHeader("X-Key", hundred)),
            services =>
            {
                services.AddSingleton(TimeProvider.System);
                services.AddRedisRateLimiter(
                    _ => ConfigurationOptions.Parse(server.ConnectionString), options => options.Deadline = TimeSpan.FromSeconds(10));
            });

        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => app.GetAsync(headers: ("X-Key", "secret-key"))));

        Assert.Equal(
            Enumerable.Range(0, 100),
            responses
                .Select(response => response.Headers.GetValues("RateLimit").Single())
                .Select(field => int.Parse(field.Split(";r=")[1].Split(';')[0]))
                .Order());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.GetAsync(headers: ("X-Key", "secret-key"))).StatusCode);
        string keys = await server.ExecuteAsync("KEYS", "*");
        Assert.Contains("{h:", keys);
        Assert.DoesNotContain("secret-key", keys);
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
