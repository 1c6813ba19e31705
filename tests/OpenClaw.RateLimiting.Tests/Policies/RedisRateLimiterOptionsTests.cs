using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Policies;

public sealed class RedisRateLimiterOptionsTests
{
    [Fact]
    public void Check_Defaults_NoError() => Assert.Empty(RedisRateLimiterOptionsValidator.Check(new RedisRateLimiterOptions()));

    [Theory]
    [InlineData(nameof(RedisRateLimiterOptions.Lanes), 1, 64)]
    [InlineData(nameof(RedisRateLimiterOptions.MaxPartitionsPerCall), 4, 255)]
    [InlineData(nameof(RedisRateLimiterOptions.MaxDecisionsPerCall), 4, 4096)]
    [InlineData(nameof(RedisRateLimiterOptions.DenyCacheEntries), 0, 10_000_000)]
    [InlineData(nameof(RedisRateLimiterOptions.AssumedReplicas), 1, 1000)]
    [InlineData(nameof(RedisRateLimiterOptions.CircuitThreshold), 1, 1000)]
    [InlineData(nameof(RedisRateLimiterOptions.MaxLocalPartitions), 1000, 10_000_000)]
    public void Check_WholeNumber_FromLeastToMost(string setting, int least, int most)
    {
        Assert.Empty(Check(setting, least));
        Assert.Empty(Check(setting, most));
        Assert.Equal($"{setting} is {least - 1}; it must be {least} to {most}.", Assert.Single(Check(setting, least - 1)));
        Assert.Equal($"{setting} is {most + 1}; it must be {least} to {most}.", Assert.Single(Check(setting, most + 1)));
    }

    [Theory]
    [InlineData(nameof(RedisRateLimiterOptions.Deadline), 1, 10_000, "1 ms to 10 s")]
    [InlineData(nameof(RedisRateLimiterOptions.ProbeInterval), 10, 500, "10 ms to 500 ms")]
    public void Check_Duration_FromLeastToMost(string setting, int leastMilliseconds, int mostMilliseconds, string range)
    {
        TimeSpan least =
            TimeSpan.FromMilliseconds(leastMilliseconds), most = TimeSpan.FromMilliseconds(mostMilliseconds), tick = TimeSpan.FromTicks(1);

        Assert.Empty(Check(setting, least));
        Assert.Empty(Check(setting, most));
        Assert.Equal($"{setting} is {least - tick}; it must be {range}.", Assert.Single(Check(setting, least - tick)));
        Assert.Equal($"{setting} is {most + tick}; it must be {range}.", Assert.Single(Check(setting, most + tick)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(0, false)]
    [InlineData(257, false)]
    public void Check_ReplicaName_1To256Characters(int length, bool valid)
    {
        string[] expected = valid ? [] : [$"ReplicaName has {length} characters; it must have 1 to 256."];

        Assert.Equal(expected, Check(nameof(RedisRateLimiterOptions.ReplicaName), new string('x', length)));
    }

    [Theory]
    [InlineData("r", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("", false)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("a{b", false)]
    [InlineData("a}b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData(null, false)]
    public void Check_KeyPrefix_1To32CharactersWithoutBracesAndWhiteSpace(string? prefix, bool valid)
    {
        string[] expected = valid ? [] : [$"KeyPrefix is '{prefix}'; it must be 1 to 32 characters without braces and white space."];

        Assert.Equal(expected, Check(nameof(RedisRateLimiterOptions.KeyPrefix), prefix));
    }

    [Fact]
    public async Task Start_HostWithWrongSettings_StopsWithEveryErrorAndAsksNobody()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRedisRateLimiter(NoConnection, options =>
        {
            options.KeyPrefix = "";
            options.Deadline = TimeSpan.Zero;
            options.ProbeInterval = TimeSpan.Zero;
            options.ReplicaName = "";
            options.Lanes = options.MaxPartitionsPerCall = options.MaxDecisionsPerCall = options.DenyCacheEntries = -1;
            options.AssumedReplicas = options.CircuitThreshold = options.MaxLocalPartitions = -1;
        });
        using IHost host = builder.Build();

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        // One for each setting there is.
        Assert.Equal(
            typeof(RedisRateLimiterOptions).GetProperties().Select(property => property.Name).Order(),
            exception.Failures.Select(failure => failure.Split(' ')[0]).Order());
    }

    private static IConnectionMultiplexer NoConnection(IServiceProvider services)
        => throw new InvalidOperationException("Redis was asked.");

    private static List<string> Check(string setting, object? value)
    {
        RedisRateLimiterOptions options = new();
        typeof(RedisRateLimiterOptions).GetProperty(setting)!.SetValue(options, value);
        return RedisRateLimiterOptionsValidator.Check(options);
    }
}
