using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>Addresses in requests: every spelling of a client's address means the same client.</summary>
public sealed class AdminAddressTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey)];

    [Theory]
    [InlineData("2001:DB8:1:2:0::5", "2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:2::9", "2001:db8:1:2::9/64")]
    [InlineData("2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:2:ffff::", "2001:0DB8:1:2::/64")]
    [InlineData("::ffff:9.9.9.9", "9.9.9.9", "9.9.9.9", "::FFFF:909:909", "9.9.9.9/32")]
    public async Task Block_AnySpelling_IsFoundAndLiftedByAnyOther(string blocked, string name, params string[] others)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement changed = await admin.PostJsonAsync("/buckets/block", new { address = blocked, seconds = 60 });

        Assert.Equal($"a:{name}", changed[0].GetProperty("partition").GetString());
        JsonElement audit = (await admin.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries")[0];
        Assert.Equal($"address {name}", audit.GetProperty("target").GetString());
        foreach (string other in (string[])[blocked, .. others])
        {
            JsonElement[] events = [];
            await Poll.UntilAsync($"the event of {other} is there", async () =>
            {
                events = [.. (await admin.GetFromJsonAsync<JsonElement>($"/events?address={Uri.EscapeDataString(other)}"))
                    .GetProperty("events").EnumerateArray()];
                return events.Length > 0;
            }, TimeSpan.FromSeconds(20));
            Assert.Equal(name, Assert.Single(events).GetProperty("event").GetProperty("address").GetString());

            JsonElement buckets = await admin.GetFromJsonAsync<JsonElement>($"/buckets?address={Uri.EscapeDataString(other)}");
            Assert.True(buckets[0].GetProperty("blockedForSeconds").GetDouble() > 0);
            JsonElement trial = await admin.PostJsonAsync("/try", new { policy = "rating", address = other });
            Assert.Equal("blocked", trial.GetProperty("result").GetString());
        }

        JsonElement lifted = await admin.PostJsonAsync("/buckets/unblock", new { address = others[^1] });
        Assert.All(lifted.EnumerateArray(), partition => Assert.False(partition.TryGetProperty("blockedForSeconds", out _)));
    }

    [Theory]
    [InlineData("2001:db8:1:2::/48", "address is '2001:db8:1:2::/48'; its prefix must be /56, which identifies one client "
        + "(OpenClaw:Edge:ClientAddress:IPv6PrefixLength).")]
    [InlineData("2001:db8:1:2::/64", "its prefix must be /56")]
    [InlineData("2001:db8:1:2::/", "it must be an IP address, or an IPv6 network of /56.")]
    [InlineData("2001:db8:1:2::/56/56", "it must be an IP address, or an IPv6 network of /56.")]
    [InlineData("2001:db8:1:2::/129", "it must be an IP address, or an IPv6 network of /56.")]
    [InlineData("203.0.113.0/24", "address is '203.0.113.0/24'; write an IPv4 address without a prefix.")]
    [InlineData("::ffff:9.9.9.9/56", "write an IPv4 address without a prefix.")]
    [InlineData("here", "address is 'here'; it must be an IP address")]
    public async Task Address_NotOneClient_400SaysWhatWouldBeRight(string address, string expected)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Settings, ("OpenClaw:Edge:ClientAddress:IPv6PrefixLength", "56")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        string escaped = Uri.EscapeDataString(address);

        HttpResponseMessage[] responses =
        [
            await admin.GetAsync($"/buckets?address={escaped}"),
            await admin.GetAsync($"/events?address={escaped}"),
            await admin.PostAsJsonAsync("/buckets/reset", new { address }),
            await admin.PostAsJsonAsync("/try", new { policy = "rating", address }),
        ];

        foreach (HttpResponseMessage response in responses)
        {
            using (response)
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
                Assert.Contains(expected, problem.GetProperty("detail").GetString());
            }
        }
    }

    [Fact]
    public async Task Block_EmptyMembers_NameNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await admin.PostJsonAsync(
            "/buckets/block", new { client = "", address = "198.51.100.7", partition = "", policy = "", seconds = 5 });
        using HttpResponseMessage get = await admin.GetAsync("/buckets?client=TEST&address=&policy=");

        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(
            "Audit: block address 198.51.100.7 for 00:00:05, by admin key at 127.0.0.1: done.",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 302).Message);
    }

    [Theory]
    [InlineData("address", HttpStatusCode.TooManyRequests)]
    [InlineData("", HttpStatusCode.OK)]
    public async Task Block_OfAnAddress_RefusesAKeyOnlyUnderAnAddressPolicyAndSaysSo(string addressPolicy, HttpStatusCode withKey)
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings, ("OpenClaw:Edge:AddressPolicy", addressPolicy)]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient keyed = stack.Edge.CreateClient("test-key");

        JsonElement blocked = await admin.PostJsonAsync("/buckets/block", new { address = "127.0.0.1", seconds = 60 });

        Assert.Equal(HttpStatusCode.TooManyRequests, await stack.Edge.Client.StatusAsync());
        Assert.Equal(withKey, await keyed.StatusAsync());
        JsonElement rating = blocked.EnumerateArray().Single(partition => partition.GetProperty("policy").GetString() == "rating");
        Assert.Equal("requests without the key of a client", rating.GetProperty("only").GetString());
        Assert.All(
            blocked.EnumerateArray().Where(partition => partition.GetProperty("policy").GetString() == "address"),
            partition => Assert.False(partition.TryGetProperty("only", out _)));
    }
}
