using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Registration;

public sealed class InMemoryRegistrationTests
{
    // How others test code that uses the limiter: the application's own registration, a limiter in memory in its place, and a fake clock.
    [Fact]
    public async Task AddInMemoryRateLimiter_AfterTheApplicationsOwn_ReplacesRedisAndKeepsThePolicies()
    {
        FakeTimeProvider time = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RateLimiting:Policies:api:Buckets:burst:Capacity"] = "2",
            ["RateLimiting:Policies:api:Buckets:burst:RefillTokens"] = "1",
            ["RateLimiting:Policies:api:Buckets:burst:RefillPeriod"] = "01:00:00",
        });
        builder.AddRedisRateLimiter("redis");

        builder.Services.AddInMemoryRateLimiter().AddSingleton<TimeProvider>(time);
        using IHost host = builder.Build();
        await host.StartAsync();
        RateLimitPolicy policy = host.Services.GetRequiredService<IRateLimitPolicies>()["api"];
        IRateLimiterClient limiter = host.Services.GetRequiredService<IRateLimiterClient>();

        Assert.True((await limiter.DecideAsync(new Charge(policy, "a", 2))).IsAllowed);
        RateLimitDecision denied = await limiter.DecideAsync(new Charge(policy, "a"));
        Assert.Equal((false, TimeSpan.FromHours(1)), (denied.IsAllowed, denied.RetryAfter));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True((await limiter.DecideAsync(new Charge(policy, "a"))).IsAllowed);
        await host.StopAsync();
    }

    [Fact]
    public void Dispose_SynchronousContainer_IsAllowed()
    {
        using ServiceProvider services = new ServiceCollection().AddKeyedInMemoryRateLimiter("a").BuildServiceProvider();

        Assert.Equal(CircuitState.Closed, services.GetRequiredKeyedService<IRateLimiterHealth>("a").Circuit);
        Assert.NotNull(services.GetRequiredKeyedService<IRateLimiterAdmin>("a"));
    }
}
