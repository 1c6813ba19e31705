using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Edge.Tests.Hosting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Identity;

public sealed class ApiKeyTests(SharedRedis redis)
{
    private static readonly (string, string?)[] FiveRequests = Requests.Bucket("rating", "burst", 5);

    [Fact]
    public async Task DisabledClient_Refused403()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Clients:test:Enabled", "false"));

        Assert.Equal(HttpStatusCode.Forbidden, await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "test-key")));
    }

    [Fact]
    public async Task SmuggledHeaders_TwoKeys_AreNobodys()
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);
        Uri edge = stack.Edge.Address;
        using HttpClient victim = stack.Edge.CreateClient("test-key", from: "127.0.0.2");

        int allowed = 0;
        for (int i = 0; i < 8; i++)
        {
            allowed += await RawHttp.StatusAsync(edge, "GET /rating HTTP/1.1", $"X-API-Key: guess-{i}", "X-API-Key: test-key") == 200
                ? 1
                : 0;
            allowed += await RawHttp.StatusAsync(edge, "GET /rating HTTP/1.1", $"X-API-Key: guess-{i},test-key") == 200 ? 1 : 0;
            allowed += await RawHttp.StatusAsync(edge, "GET /rating HTTP/1.1", "X_API_Key: test-key") == 200 ? 1 : 0;
        }

        Assert.Equal(5, allowed);
        Assert.Equal(5, await Requests.CountAllowedAsync(6, _ => victim.StatusAsync()));
    }

    [Fact]
    public async Task HugeKey_OneMegabyte_RefusedBeforeItIsHashed()
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);

        int status = await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", "X-API-Key: " + new string('k', 1024 * 1024));

        Assert.True(status is 431 or 0, $"{status}");
        Assert.Empty(stack.Upstream.Requests);
    }

    [Theory]
    [InlineData("X-API-Key", "", 257)]
    [InlineData("X-API-Key", "", 12_000)]
    [InlineData("Authorization", "Bearer ", 1_025)]
    [InlineData("Authorization", "Bearer ", 12_000)]
    public async Task LongKeys_ThatDifferOnlyAtTheEnd_AreIdentitiesOfTheirOwn(string header, string prefix, int length)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"), ("OpenClaw:Edge:ApiKeys:Bearer", "true")]);
        string key = prefix + new string('k', length - 1);

        Assert.Equal(5, await Requests.CountAllowedAsync(8, _ => stack.Edge.Client.StatusAsync("/rating", (header, key + "a"))));
        Assert.Equal(5, await Requests.CountAllowedAsync(8, _ => stack.Edge.Client.StatusAsync("/rating", (header, key + "b"))));
    }

    [Fact]
    public async Task LongKey_OfAKnownClient_IsRecognised()
    {
        string key = new('k', 5_000);
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestEdge.Pepper), Encoding.ASCII.GetBytes(key));
        await using Stack stack = await Stack.StartAsync(redis,
        [
            ("OpenClaw:Edge:Clients:acme:KeyHashes:0", Convert.ToHexStringLower(hash)), ("OpenClaw:Edge:Clients:acme:Enabled", "false"),
            ("OpenClaw:Edge:ApiKeys:Bearer", "true"),
        ]);

        Assert.Equal(HttpStatusCode.Forbidden, await stack.Edge.Client.StatusAsync("/rating", ("Authorization", "Bearer " + key)));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync("/rating", ("Authorization", "Bearer " + key + "k")));
    }

    /// <summary>While the pepper is changed, a client has the hashes of its key under both, and an edge has one of the two.</summary>
    [Theory]
    [InlineData("the-old-pepper-of-thirty-two-characters", HttpStatusCode.Forbidden)]
    [InlineData("the-new-pepper-of-thirty-two-characters", HttpStatusCode.Forbidden)]
    [InlineData("another-pepper-of-thirty-two-characters", HttpStatusCode.OK)]
    public async Task Key_HashedUnderTwoPeppers_IsTheSameClientUnderEither(string pepper, HttpStatusCode expected)
    {
        string[] hashes =
        [
            .. from known in (string[])["the-old-pepper-of-thirty-two-characters", "the-new-pepper-of-thirty-two-characters"]
               select Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(known), Encoding.ASCII.GetBytes("acme-key"))),
        ];
        await using Stack stack = await Stack.StartAsync(redis,
        [
            ("OpenClaw:Edge:ApiKeys:Pepper", pepper), ("OpenClaw:Edge:Clients:acme:Enabled", "false"),
            ("OpenClaw:Edge:Clients:acme:KeyHashes:0", hashes[0]), ("OpenClaw:Edge:Clients:acme:KeyHashes:1", hashes[1]),
        ]);

        Assert.Equal(expected, await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "acme-key")));
    }

    [Theory]
    [InlineData("\u0001key")]
    [InlineData("k\tey")]
    [InlineData("k\u007fey")]
    [InlineData("k\u00e9y")]
    [InlineData("k ey")]
    [InlineData("k\0ey")]
    public async Task ControlCharacters_InKey_AreNobodysOrABadRequest(string key)
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, ("OpenClaw:Edge:ApiKeys:Unknown", "Accept")]);

        int[] statuses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", $"X-API-Key: {key}{i}")));

        Assert.All(statuses, status => Assert.True(status is 200 or 429 or 400, $"{status}"));
        Assert.True(statuses.Count(status => status == 200) <= 5);
    }

    [Theory]
    [InlineData("{victim}")]
    [InlineData("a}:b{c")]
    [InlineData("rating:burst:c:test")]
    [InlineData("c:test")]
    [InlineData("*")]
    [InlineData("a\\r\\nFLUSHALL")]
    public async Task KeyInjection_IntoRedisNames_OnlyHashesArrive(string key)
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. FiveRequests, .. Requests.Bucket("tenant", "burst", 5), ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"),
            ("OpenClaw:Edge:Policies:tenant:PartitionBy", "header:X-Tenant"), ("ReverseProxy:Routes:ratings:RateLimiterPolicy", "tenant"),
        ]);
        HttpClient client = stack.Edge.Client;

        await client.StatusAsync("/rating", ("X-API-Key", key));
        await client.StatusAsync("/ratings/x", ("X-Tenant", key));

        List<string> names = Keys(stack);
        Assert.Contains(names, name => name.Contains("k:", StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains("h:", StringComparison.Ordinal));
        Assert.All(names, name => Assert.Matches("^[A-Za-z0-9:./{}~_-]+$", name));
        Assert.All(names, name => Assert.DoesNotContain(key == "*" ? "*" : key, name));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync("/rating", ("X-API-Key", "test-key")));
    }

    [Fact]
    public async Task Key_AppearsNowhere_InLogsHeadersOrRedis()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, ("OpenClaw:Edge:ApiKeys:Unknown", "Accept")]);
        const string Secret = "a-very-secret-key-0123456789";

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", ("X-API-Key", Secret));
        await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", $"X-API-Key: {Secret}\u00e9");

        Assert.DoesNotContain(Secret, response.Headers.ToString());
        Assert.All(Keys(stack), name => Assert.DoesNotContain(Secret, name));
        Assert.All(stack.Edge.Logs.GetSnapshot(), record => Assert.DoesNotContain(Secret, record.Message));
    }

    [Fact]
    public async Task SharedConnection_SeveralKeysInTurn_EachIsItsOwnClient()
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);
        string[] keys = ["test-key", "test-kez", "silver-key", "test-key", "", "test-keytest-key"];
        StringBuilder requests = new();
        for (int i = 0; i < 8 * keys.Length; i++)
        {
            requests.Append("GET /rating HTTP/1.1\r\nHost: edge\r\nX-API-Key: "
                + $"{keys[i % keys.Length]}\r\n{(i == 8 * keys.Length - 1 ? "Connection: close\r\n" : "")}\r\n");
        }

        string answers = await RawHttp.ExchangeAsync(stack.Edge.Address, Encoding.ASCII.GetBytes(requests.ToString()));

        // Five of test-key. The wrong keys share the address's bucket: five more. And silver's 50 are more than its eight.
        Assert.Equal(5 + 5 + 8, answers.Split("HTTP/1.1 200").Length - 1);
    }

    [Fact]
    public async Task DisabledWhileConnected_NextRequestIsRefused()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());

        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Enabled"] = "false";
        stack.Edge.Settings.Reload();

        Assert.Equal(HttpStatusCode.Forbidden, await client.StatusAsync());
    }

    [Fact]
    public async Task BearerKey_WhenEnabled_IsTheSameClient()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, ("OpenClaw:Edge:ApiKeys:Bearer", "true")]);
        HttpClient client = stack.Edge.Client;

        Assert.Equal(3, await Requests.CountAllowedAsync(3, _ => client.StatusAsync("/rating", ("Authorization", "Bearer test-key"))));
        Assert.Equal(2, await Requests.CountAllowedAsync(4, _ => client.StatusAsync("/rating", ("X-API-Key", "test-key"))));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync("/rating", ("Authorization", "Basic dGVzdDp0ZXN0")));
    }

    private static List<string> Keys(Stack stack)
    {
        using ConnectionMultiplexer connection = ConnectionMultiplexer.Connect(stack.Redis);

        // Usage has a fixed number of keys, and events about addresses have a budget of their own.
        return
        [
            .. connection.GetServers()[0].Keys(pattern: $"*{stack.Scope}*", pageSize: 5000)
                .Select(key => key.ToString())
                .Where(key => !key.Contains("{usage}", StringComparison.Ordinal) && !key.Contains("{events}", StringComparison.Ordinal)),
        ];
    }
}
