using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Policies;

public sealed class RateLimitPolicyTests
{
    private static readonly TokenBucket Good = new("burst", 20, 5, TimeSpan.FromSeconds(1));

    [Fact]
    public void Validate_GoodPolicy_HasNoErrors()
        => Assert.Empty(
            RateLimitPolicy.Validate("api-v1.default_x", [Good, new TokenBucket("daily", 10_000, 10_000, TimeSpan.FromDays(1))]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("white space")]
    [InlineData("brace{")]
    [InlineData("naïve")]
    public void Validate_BadName_NamesItAndWhatIsAllowed(string? name)
        => Assert.Contains("1 to 64 letters", Assert.Single(RateLimitPolicy.Validate(name, [Good])), StringComparison.Ordinal);

    [Fact]
    public void Validate_LongNames_AreRefused()
    {
        Assert.Single(RateLimitPolicy.Validate(new string('n', 65), [Good]));
        Assert.Single(RateLimitPolicy.Validate("p", [Good with { Name = new string('n', 33) }]));
        Assert.Empty(RateLimitPolicy.Validate(new string('n', 64), [Good with { Name = new string('n', 32) }]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Validate_NoneOrTooManyBuckets_SaysHowMany(int count)
        => Assert.Contains(
            "1 to 8", Assert.Single(RateLimitPolicy.Validate(
                "p", [.. Enumerable.Range(0, count).Select(i => Good with { Name = $"b{i}" })])), StringComparison.Ordinal);

    [Fact]
    public void Validate_SameNameTwice_IsRefused()
        => Assert.Contains(
            "another bucket has this name", Assert.Single(RateLimitPolicy.Validate(
                "p", [Good, Good with { Capacity = 1 }])), StringComparison.Ordinal);

    // The 16 bits by which stored state knows a bucket are the same for these two.
    [Fact]
    public void Validate_NamesThatStoredStateCannotTellApart_NamesBoth()
        => Assert.Equal(
            "Policy 'p', bucket 'b250': its name and 'b63' cannot be told apart in stored state; change one of them.",
            Assert.Single(RateLimitPolicy.Validate("p", [Good with { Name = "b63" }, Good, Good with { Name = "b250" }])));

    [Theory]
    [InlineData(0, 5, 10_000_000, "Capacity is 0")]
    [InlineData(20, 0, 10_000_000, "RefillTokens is 0")]
    [InlineData(20, -1, 10_000_000, "RefillTokens is -1")]
    [InlineData(20, 5, 9_999, "RefillPeriod")]
    [InlineData(20, 5, 10_000_001, "RefillPeriod")]
    [InlineData(20, 5, 366L * 864_000_000_000 + 10, "RefillPeriod")]
    public void Validate_NumberOutOfRange_NamesBucketFieldAndValue(long capacity, long refill, long ticks, string expected)
    {
        string error = Assert.Single(
            RateLimitPolicy.Validate("p", [new TokenBucket("burst", capacity, refill, TimeSpan.FromTicks(ticks))]));

        Assert.Contains("bucket 'burst'", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CapacityThatCannotBeCounted_NamesTheLargestThatCan()
    {
        TimeSpan year = TimeSpan.FromDays(366);
        string error = Assert.Single(RateLimitPolicy.Validate("p", [new TokenBucket("burst", 1000, 7, year)]));
        Assert.Contains("at most 284", error, StringComparison.Ordinal);

        Assert.Empty(RateLimitPolicy.Validate("p", [new TokenBucket("burst", 284, 7, year)]));
        Assert.Single(RateLimitPolicy.Validate("p", [new TokenBucket("burst", 285, 7, year)]));
    }

    [Fact]
    public void Constructor_SeveralErrors_ReportsAllAtOnce()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new RateLimitPolicy("a b", [Good with { Capacity = 0, RefillTokens = 0, RefillPeriod = TimeSpan.Zero }]));

        Assert.Equal(4, error.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public async Task Decide_BadArguments_SayWhatWouldBeRight()
    {
        RateLimiterClient limiter = RateLimiterClient.InMemory(TimeProvider.System);
        RateLimitPolicy policy = new("p", [Good]);

        await Refused("1 to 4 charges", []);
        await Refused("1 to 4 charges", [.. Enumerable.Range(0, 5).Select(i => new Charge(policy, $"{i}"))]);
        await Refused("must not be negative", [new Charge(policy, "a", -1)]);
        await Refused("1 to 256", [new Charge(policy, "")]);
        await Refused("1 to 256", [new Charge(policy, new string('a', 257))]);
        await Refused("twice", [new Charge(policy, "a"), new Charge(policy, "a", 2)]);

        async Task Refused(string why, Charge[] charges)
            => Assert.Contains(
                why, (await Assert.ThrowsAsync<ArgumentException>(
                    () => limiter.DecideAsync(charges).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_ReportsAllAtOnce()
    {
        RedisRateLimiterOptions options =
            new()
            {
                KeyPrefix = "a{b",
                Deadline = TimeSpan.Zero,
                Lanes = 0,
                MaxPartitionsPerCall = 3,
                MaxDecisionsPerCall = 5000,
                DenyCacheEntries = -1,
            };
        List<string> errors = RedisRateLimiterOptionsValidator.Check(options);

        Assert.Equal(
            ["KeyPrefix", "Deadline", "Lanes", "MaxPartitionsPerCall", "MaxDecisionsPerCall", "DenyCacheEntries"], errors.Select(
                error => error.Split(' ')[0]));
    }
}
