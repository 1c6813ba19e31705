using System.Net;
using OpenClaw.Notifier.Webhooks;

namespace OpenClaw.Notifier.Tests.Webhooks;

public sealed class AllowedAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Contains_PublicAddress_IsTrue(string address) => Assert.True(new AllowedAddresses([]).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::10.0.0.1")]
    [InlineData("2002:0a00:0001::1")]
    [InlineData("2001:0:1::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Contains_AddressOfAnotherKind_IsFalse(string address) =>
        Assert.False(new AllowedAddresses([]).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("fd00::/8", "fd00::1", true)]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "10.0.0.8", false)]
    public void Contains_NetworkOfTheSettings_IsReached(string network, string address, bool isAllowed) =>
        Assert.Equal(isAllowed, new AllowedAddresses([NetworkText.Parse(network)!.Value]).Contains(IPAddress.Parse(address)));

    [Fact]
    public async Task Connect_NameThatResolvesOtherwiseLater_IsCheckedEachTime()
    {
        // The name resolves to a public address first and to a private one next, as in DNS rebinding.
        Queue<IPAddress> answers = new([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]);
        WebhookConnection connection = new(
            new AllowedAddresses([NetworkText.Parse("192.0.2.1")!.Value]), (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = connection.ConnectAsync,
            ConnectTimeout = TimeSpan.FromMilliseconds(200)
        };
        using HttpClient client = new(handler);

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync("http://rebound.example:9/"));
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://rebound.example:9/"));

        Assert.IsType<ForbiddenAddressException>(error.InnerException);
        Assert.Empty(answers);
    }
}
