using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.AspNetCore.Policies;
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

    // Tasks and timers that an endpoint starts inherit its async locals: the request must not be in them.
    [Fact]
    public async Task Endpoint_StartsATask_TheTaskDoesNotHoldTheRequest()
    {
        bool? holds = null;
        await using TestApp app = await TestApp.StartAsync(
            options => options.AddRedisPolicy("api", policy => policy.PerUser(Api)),
            map: routes => routes.MapGet("/task", async () =>
            {
                await Task.Run(() => holds = RedisPolicy.TakeRequest() is not null);
                return "ok";
            }).RequireRateLimiting("api"));

        using HttpResponseMessage response = await app.GetAsync("/task", user: "ann");

        Assert.False(holds);
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

        // All or none: the user's bucket was not charged.
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

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string? user = "ann")
    {
        using HttpResponseMessage response = await app.GetAsync(user: user);
        return response.StatusCode;
    }
}
