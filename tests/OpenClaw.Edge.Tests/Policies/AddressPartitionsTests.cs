using System.Net;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Tests.Policies;

public sealed class AddressPartitionsTests
{
    [Fact]
    public void Of_FloodOfAddresses_EachIsItsOwnAndNoMoreAreKeptThanThereArePlaces()
    {
        const uint Flood = 100_000;
        AddressPartitions partitions = new();

        for (uint i = 0; i < Flood; i++)
        {
            ClientAddress address = new(i, 32, IsIPv4: true);
            Assert.Equal("a:" + new IPAddress(new byte[] { (byte)(i >> 24), (byte)(i >> 16), (byte)(i >> 8), (byte)i }), partitions.Of(
                "a:", address));
        }

        Assert.InRange(partitions.Count, AddressPartitions.Slots / 2, AddressPartitions.Slots);
    }
}
