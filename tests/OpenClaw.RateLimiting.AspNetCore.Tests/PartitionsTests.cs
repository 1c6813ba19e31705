using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OpenClaw.RateLimiting.AspNetCore.Policies;
using Xunit;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

public sealed class PartitionsTests
{
    [Theory]
    [InlineData("203.0.113.7", 64, "a:203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", 64, "a:203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", 64, "a:2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2ff:3:4:5:6", 57, "a:2001:db8:1:280::/57")]
    [InlineData("2001:db8:1:2:3:4:5:6", 128, "a:2001:db8:1:2:3:4:5:6/128")]
    [InlineData("fe80::1%3", 128, "a:fe80::1/128")]
    [InlineData(null, 64, "a:unknown")]
    public void Address_OfAConnection_IsTheClientsPart(string? address, int prefixLength, string expected)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);

        Assert.Equal(expected, Partitions.Address(context, prefixLength));
    }

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier, "7", "u:7")]
    [InlineData("sub", "7", "u:7")]
    [InlineData(ClaimTypes.Name, "ann", "u:ann")]
    [InlineData("other", "7", "a:unknown")]
    public void User_ByClaim_IsTheMostStable(string claim, string value, string expected)
    {
        DefaultHttpContext context = new() { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(claim, value)], "test")) };

        Assert.Equal(expected, Partitions.User(context, 64));
    }

    [Fact]
    public void User_NotAuthenticated_IsTheAddress()
    {
        DefaultHttpContext context = new() { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "7")])) };

        Assert.Equal("a:unknown", Partitions.User(context, 64));
    }

    [Fact]
    public void User_LongName_IsHashedIntoAValidPartition()
    {
        DefaultHttpContext context = new()
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", new string('x', 5000))], "test")),
        };

        string partition = Partitions.User(context, 64);

        Assert.StartsWith("u#", partition);
        Assert.InRange(partition.Length, 10, 256);
    }
}
