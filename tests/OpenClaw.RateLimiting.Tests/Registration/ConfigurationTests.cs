using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Registration;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task Start_SectionWithErrors_ReportsAllOfThemAtOnce()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Limits:Deadline"] = "soon",
            ["Limits:Lanes"] = "99",
            ["Limits:KeyPrefixx"] = "x:",
            ["Limits:Policies:api:FailureMode"] = "Half",
            ["Limits:Policies:web:Buckets:burst:Capacity"] = "many",
            ["Limits:Policies:web:Buckets:burst:Colour"] = "red",
            ["Limits:Policies:low:Buckets:burst:Capacity"] = "0",
            ["Limits:Policies:low:Buckets:burst:RefillTokens"] = "1",
            ["Limits:Policies:low:Buckets:burst:RefillPeriod"] = "00:00:01",
            ["Limits:Policies:none:FailureMode"] = "Open",
            ["Limits:ConnectionName"] = "cache",
        });
        builder.Services.AddRedisRateLimiter(builder.Configuration.GetSection("Limits"));
        using IHost host = builder.Build();

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "ConnectionStrings:cache is missing; it must be in the format of StackExchange.Redis, such as "
                    + "redis:6379,password=secret,ssl=true.",
                "Lanes is 99; it must be 1 to 64.",
                "Limits:Deadline is 'soon'; it must be a duration such as 00:00:01.5.",
                "Limits:KeyPrefixx is unknown; valid names are AssumedReplicas, CircuitThreshold, ConnectionName, ConnectionString, "
                    + "Deadline, DenyCacheEntries, KeyPrefix, Lanes, MaxDecisionsPerCall, MaxLocalPartitions, MaxPartitionsPerCall, "
                    + "Policies, ProbeInterval, ReplicaName.",
                "Limits:Policies:api:FailureMode is 'Half'; it must be one of Local, Open, Closed.",
                "Limits:Policies:low:Buckets:burst:Capacity is 0; it must be at least 1.",
                "Limits:Policies:none:Buckets: it has 0 buckets; give it 1 to 8.",
                "Limits:Policies:web:Buckets:burst:Capacity is 'many'; it must be a whole number.",
                "Limits:Policies:web:Buckets:burst:Colour is unknown; valid names are Capacity, RefillPeriod, RefillTokens, Shadow.",
            ],
            exception.Failures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_MissingSection_SaysSo()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = "localhost:1";
        builder.Services.AddRedisRateLimiter(builder.Configuration.GetSection("Limmits"));
        using IHost host = builder.Build();

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(["The section Limmits, which configures a rate limiter, is missing."], exception.Failures);
    }

    [Theory]
    [InlineData("localhost:1,password=a,b", "is ambiguous")]
    [InlineData("localhost:1,colour=red", "cannot be read")]
    [InlineData("", "is missing")]
    public async Task Start_ConnectionStringThatCannotBeRead_IsAnErrorWithoutTheSecret(string connection, string error)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = connection;
        builder.Services.AddRedisRateLimiter("redis");
        using IHost host = builder.Build();

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        string failure = Assert.Single(exception.Failures);
        Assert.StartsWith($"ConnectionStrings:redis {error}", failure);
        Assert.DoesNotContain("=a", failure);
    }

    [Fact]
    public async Task Options_OfTheSection_AreUsedAndCodeComesLast()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddRedisRateLimiter(
                Section(("KeyPrefix", "shop:"), ("Deadline", "00:00:00.1"), ("ConnectionString", "localhost:1")),
                options => options.Lanes = 3)
            .BuildServiceProvider();

        RedisRateLimiterOptions options = services.GetRequiredService<IOptions<RedisRateLimiterOptions>>().Value;

        Assert.Equal(("shop:", TimeSpan.FromMilliseconds(100), 3), (options.KeyPrefix, options.Deadline, options.Lanes));
    }

    [Fact]
    public async Task Policies_OfTheSection_AreFoundByNameInAnyCase()
    {
        await using ServiceProvider services = new ServiceCollection().AddInMemoryRateLimiter(Section(
            ("Policies:Api:FailureMode", "closed"),
            ("Policies:Api:Buckets:Daily:Capacity", "1000"),
            ("Policies:Api:Buckets:Daily:RefillTokens", "9000"),
            ("Policies:Api:Buckets:Daily:RefillPeriod", "1.00:00:00"),
            ("Policies:Api:Buckets:burst:Capacity", "20"),
            ("Policies:Api:Buckets:burst:RefillTokens", "5"),
            ("Policies:Api:Buckets:burst:RefillPeriod", "00:00:01"),
            ("Policies:Api:Buckets:burst:Shadow", "true"))).BuildServiceProvider();
        IRateLimitPolicies policies = services.GetRequiredService<IRateLimitPolicies>();

        RateLimitPolicy policy = policies["API"];

        Assert.Equal(("api", FailureMode.Closed), (policy.Name, policy.FailureMode));
        Assert.Equal(
            [
                new TokenBucket("burst", 20, 5, TimeSpan.FromSeconds(1)) { Shadow = true },
                new TokenBucket("daily", 1000, 9000, TimeSpan.FromDays(1)),
            ],
            policy.Buckets);
        Assert.Equal(["api"], policies.Names);
        KeyNotFoundException missing = Assert.Throws<KeyNotFoundException>(() => policies["web"]);
        Assert.Equal("There is no rate limit policy 'web' in the configuration; configured are api.", missing.Message);
    }

    [Fact]
    public async Task Policies_Changed_TakeEffectWithoutARestartUnlessTheyAreInvalid()
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Policies:api:Buckets:burst:Capacity"] = "20",
            ["Policies:api:Buckets:burst:RefillTokens"] = "5",
            ["Policies:api:Buckets:burst:RefillPeriod"] = "00:00:01",
        }).Build();
        await using ServiceProvider services = new ServiceCollection().AddInMemoryRateLimiter(root).BuildServiceProvider();
        IRateLimitPolicies policies = services.GetRequiredService<IRateLimitPolicies>();
        RateLimitPolicy first = policies["api"];

        root.Reload();
        Assert.Same(first, policies["api"]);

        root["Policies:api:Buckets:burst:Capacity"] = "30";
        root.Reload();
        Assert.Equal(30, policies["api"].Buckets[0].Capacity);

        root["Policies:api:Buckets:burst:Capacity"] = "-1";
        root.Reload();
        Assert.Equal(30, policies["api"].Buckets[0].Capacity);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Limits:{setting.Key}", (string?)setting.Value)))
            .Build().GetSection("Limits");
}
