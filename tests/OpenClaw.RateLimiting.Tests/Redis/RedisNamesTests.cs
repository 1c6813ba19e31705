using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Keys in Redis, for partitions of whatever characters.</summary>
public sealed class RedisNamesTests
{
    private static readonly RedisNames Names = new("rl:");

    public static TheoryData<string> Partitions { get; } =
        ["a:203.0.113.7", "}", "}x", "}}", "{", "{}", "x}y{z}", "\\", "\\}x", "\\\\", "~", "\r\n", "é𝄞"];

    [Theory]
    [MemberData(nameof(Partitions))]
    public void KeyOf_AnyPartition_KeepsAllPoliciesOfItAndItsProbeInOneSlot(string partition)
    {
        string tag = TagOf(Names.KeyOf(new PartitionKey("burst", partition))!);

        Assert.NotEmpty(tag);
        Assert.Equal(tag, TagOf(Names.KeyOf(new PartitionKey("daily", partition))!));
        Assert.Equal(tag, TagOf(Names.ProbeOf(partition)!));
    }

    [Theory]
    [MemberData(nameof(Partitions))]
    public void TryParse_KeyOfAnyPartition_GivesItBack(string partition)
    {
        PartitionKey key = new("burst", partition);

        Assert.True(Names.TryParse(Names.KeyOf(key)!, out PartitionKey parsed));

        Assert.Equal(key, parsed);
    }

    [Fact]
    public void KeyOf_DistinctPartitions_AreDistinct()
        => Assert.Distinct(Partitions.Select(partition => (string)Names.KeyOf(new PartitionKey("burst", partition.Data))!));

    [Theory]
    [InlineData("")]
    [InlineData("rl:")]
    [InlineData("rl:{}burst")]
    [InlineData("rl:burst")]
    [InlineData("other:{a}burst")]
    public void TryParse_NoKeyOfOurs_IsRefused(string key) => Assert.False(Names.TryParse(key, out _));

    // What Redis Cluster takes for the slot: what is between the first brace and the first closing one after it, or the whole key when that
    // is nothing.
    private static string TagOf(string key)
    {
        int open = key.IndexOf('{'), close = open < 0 ? -1 : key.IndexOf('}', open + 1);
        return close > open + 1 ? key[(open + 1)..close] : "";
    }
}
