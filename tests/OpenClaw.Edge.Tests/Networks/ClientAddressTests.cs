using System.Net;
using CsCheck;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Tests.Networks;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void ToString_Prefix64_NamesWhatMakesOneClient(string address, string expected) =>
        Assert.Equal(expected, ClientAddress.From(IPAddress.Parse(address), 64).ToString());

    [Fact]
    public void From_AnyTwoIPv6Addresses_EqualExactlyWhenThePrefixIs() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[16], Gen.Int[32, 128], Gen.Int[0, 128]).Sample((first, second, prefix, same) =>
        {
            first[0] = second[0] = 0x20; // not IPv4 in disguise
            for (int bit = 8; bit < same; bit++)
            {
                int mask = 0x80 >> (bit % 8);
                second[bit / 8] = (byte)((second[bit / 8] & ~mask) | (first[bit / 8] & mask));
            }

            bool expected = Enumerable.Range(0, prefix).All(bit => ((first[bit / 8] ^ second[bit / 8]) & (0x80 >> (bit % 8))) == 0);
            ClientAddress a = ClientAddress.From(new IPAddress(first), prefix);
            ClientAddress b = ClientAddress.From(new IPAddress(second), prefix);
            return (a == b) == expected && (a.ToString() == b.ToString()) == expected;
        });

    [Fact]
    public void Of_MoreAddressesThanPlaces_EachKeepsItsOwnName()
    {
        AddressPartitions partitions = new();
        ClientAddress[] addresses = [.. Enumerable.Range(0, 50_000).Select(i => ClientAddress.From(new IPAddress(i), 64))];

        Assert.All(addresses, address => Assert.Equal("a:" + address, partitions.Of(PartitionNames.AddressPrefix, address)));
        Assert.Same(partitions.Of(PartitionNames.AddressPrefix, addresses[^1]), partitions.Of(PartitionNames.AddressPrefix, addresses[^1]));
    }
}
