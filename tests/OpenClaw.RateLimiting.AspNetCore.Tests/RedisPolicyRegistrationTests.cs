using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

public sealed class RedisPolicyRegistrationTests
{
    private static readonly RateLimitPolicy Api = new("api", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(10))]);
    private static readonly RateLimitPolicy Address = new("address", [new TokenBucket("address", 5, 1, TimeSpan.FromHours(1))]);

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

        Assert.Equal("There is no rate limit policy 'api' in the configuration; it has no policies at all.", exception.Message);
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
                "Policy 'api': PerAddress is called twice; use one policy with several buckets instead.",
                "Policy 'api': IPv6PrefixLength is 8; it must be 32 to 128.",
                "Policy 'api': RetryAfterJitter is -1; it must be 0 to 10."),
            exception.Message);
    }
}
