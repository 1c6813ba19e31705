using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OpenClaw.Edge.Tests.Hosting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Identity;

/// <summary>Tests attacks that have bypassed other rate limiters. In each test the bucket of the attacker's one true identity is small and
/// slow.</summary>
public sealed class AttackTests(SharedRedis redis)
{
    private static readonly (string, string?)[] FiveRequests = Requests.Bucket("rating", "burst", 5);
    private static readonly (string, string?) TrustLoopback = ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.0/8");

    [Fact]
    public async Task RotatingKeys_UnknownAreAnonymous_WinNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);

        int allowed = await Requests.CountAllowedAsync(25, i => stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", $"guess-{i}")));

        Assert.Equal(5, allowed);
    }

    [Fact]
    public async Task RotatingKeys_UnknownAreAccepted_BoundedByTheAddress()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, .. Requests.Bucket("address", "address", 12), ("OpenClaw:Edge:ApiKeys:Unknown", "Accept")]);

        int sameKey = await Requests.CountAllowedAsync(8, _ => stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "mine")));
        int rotating = await Requests.CountAllowedAsync(25, i => stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", $"guess-{i}")));

        Assert.Equal(5, sameKey);
        Assert.Equal(7, rotating);
    }

    [Fact]
    public async Task UnknownKey_Rejected_401PaidByTheAddressAloneThen429()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, .. Requests.Bucket("address", "address", 12), ("OpenClaw:Edge:ApiKeys:Unknown", "Reject")]);
        for (int i = 0; i < 7; i++)
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", ("X-API-Key", $"guess-{i}"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Header("Content-Type"));
            Assert.Null(response.Header("RateLimit"));
        }

        Assert.Equal(5, await Requests.CountAllowedAsync(5, _ => stack.Edge.Client.StatusAsync()));
        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync("/rating", ("X-API-Key", "guess"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.StartsWith("\"address\";r=0", refused.Header("RateLimit"));
        Assert.Equal(5, stack.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("ReverseProxy:Routes:rating:RateLimiterPolicy", "address", 3)]
    [InlineData("OpenClaw:Edge:AddressPolicy", "", 6)]
    [InlineData("OpenClaw:Edge:Allow:Networks:0", "127.0.0.1", 6)]
    public async Task UnknownKey_Rejected_LimitedWhereTheAddressIs(string setting, string value, int unauthorized)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("address", "address", 3), ("OpenClaw:Edge:ApiKeys:Unknown", "Reject"), (setting, value)]);

        HttpStatusCode[] statuses = new HttpStatusCode[6];
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", $"guess-{i}"));
        }

        Assert.All(statuses.Take(unauthorized), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.All(statuses.Skip(unauthorized), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        Assert.Empty(stack.Upstream.Requests);
    }

    [Theory]
    [InlineData("X-API-Key", "false", "X-API-Key", "guess", "ApiKey header=\"X-API-Key\"")]
    [InlineData("X-Other", "true", "X-Other", "guess", "ApiKey header=\"X-Other\"|Bearer error=\"invalid_token\"")]
    [InlineData("", "true", "Authorization", "Bearer guess", "Bearer error=\"invalid_token\"")]
    public async Task UnknownKey_Rejected_ChallengeFitsWhereKeysAreRead(
        string header, string bearer, string name, string value, string expected)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("OpenClaw:Edge:ApiKeys:Unknown", "Reject"), ("OpenClaw:Edge:ApiKeys:Header", header),
            ("OpenClaw:Edge:ApiKeys:Bearer", bearer));

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", (name, value));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(expected.Split('|'), response.Headers.GetValues("WWW-Authenticate"));
    }

    [Fact]
    public async Task DisabledClient_Refused403()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Clients:test:Enabled", "false"));

        Assert.Equal(HttpStatusCode.Forbidden, await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "test-key")));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    public async Task UpgradeByAnotherMethod_WhichTheProxyWouldSendAsAGet_405(string method)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, ("OpenClaw:Edge:Policies:rating:Cost:Methods:HEAD", "0")]);
        stack.Upstream.Handler = context =>
        {
            context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method)
                ? StatusCodes.Status418ImATeapot
                : StatusCodes.Status200OK;
            return Task.CompletedTask;
        };
        string[] upgrades = ["websocket", "WebSocket", "SPDY/3.1"];

        foreach (string upgrade in upgrades)
        {
            int status = await RawHttp.StatusAsync(
                stack.Edge.Address, $"{method} /rating HTTP/1.1", "Connection: Upgrade", $"Upgrade: {upgrade}",
                "Origin: https://app.example.com", "Access-Control-Request-Method: GET");
            Assert.Equal((upgrade, 405), (upgrade, status));
        }

        Assert.Empty(stack.Upstream.Requests);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    public async Task ForgedForwardingHeader_NoTrustedProxy_WinsNothing(string header)
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);

        int allowed = await Requests.CountAllowedAsync(25, i => stack.Edge.Client.StatusAsync("/rating", (header, $"for=203.0.113.{i}")));

        Assert.Equal(5, allowed);
    }

    [Fact]
    public async Task ForgedForwardingHeader_BehindTrustedProxy_OnlyWhatTheProxyAppendedCounts()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, TrustLoopback]);

        int forged = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}, 198.51.100.1")));
        int neighbour = await Requests.CountAllowedAsync(
            1, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", "198.51.100.2")));

        Assert.Equal(5, forged);
        Assert.Equal(1, neighbour);
    }

    [Fact]
    public async Task ForgedForwardingHeader_ClientInsideTheTrustedNetwork_CannotRotateWhatTheProxyDidNotWrite()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, TrustLoopback, ("OpenClaw:Edge:ClientAddress:TrustedNetworks:1", "10.0.0.0/8")]);

        int forged = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"10.1.2.{i}, 10.9.9.9")));
        int neighbour = await Requests.CountAllowedAsync(1, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", "10.9.9.8")));

        Assert.Equal(5, forged);
        Assert.Equal(1, neighbour);
    }

    [Fact]
    public async Task ForgedForwardingHeader_FromOutsideTheTrustedNetwork_IsIgnored()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.9")]);
        using HttpClient outsider = stack.Edge.CreateClient(from: "127.0.0.8");
        using HttpClient proxy = stack.Edge.CreateClient(from: "127.0.0.9");

        Assert.Equal(5, await Requests.CountAllowedAsync(15, i => outsider.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}"))));
        Assert.Equal(15, await Requests.CountAllowedAsync(15, i => proxy.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}"))));
    }

    [Fact]
    public async Task IPv6Walk_InsideOne64_WinsNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, TrustLoopback]);

        int walking = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"2001:db8:0:1:{i:x}::{i:x}")));
        int other = await Requests.CountAllowedAsync(
            8, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"2001:db8:0:2::{i:x}")));

        Assert.Equal(5, walking);
        Assert.Equal(5, other);
    }

    [Fact]
    public async Task FloodOfIdentities_TenThousand_NeitherFillsRedisNorResetsAnyone()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. FiveRequests, .. Requests.Bucket("address", "address", 50), ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"),
        ]);
        using HttpClient victim = stack.Edge.CreateClient("test-key", from: "127.0.0.2");
        Assert.Equal(5, await Requests.CountAllowedAsync(6, _ => victim.StatusAsync()));

        int allowed = 0;
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            HttpStatusCode status = await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", $"identity-{i}"));
            Interlocked.Add(ref allowed, status == HttpStatusCode.OK ? 1 : 0);
        });

        Assert.Equal(50, allowed);
        Assert.Equal(HttpStatusCode.TooManyRequests, await victim.StatusAsync());
        Assert.InRange(Keys(stack).Count, 1, 50 + 10);
    }

    [Fact]
    public async Task FloodOfIdentities_EachRefused_DenyCacheStaysWithinItsBound()
    {
        const int Bound = 1024;
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. FiveRequests, TrustLoopback, ("OpenClaw:Edge:Policies:rating:Cost:Default", "6"),
            ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"),
            ("OpenClaw:Edge:Limiter:DenyCacheEntries", $"{Bound}"),
        ]);
        using MetricCollector<int> entries = new(
            stack.Edge.Services.GetRequiredService<IMeterFactory>(), "OpenClaw.RateLimiting", "openclaw.ratelimit.deny_cache.entries");

        // More than its bucket holds: every one of them is refused by Redis at once, and worth remembering.
        await Parallel.ForAsync(0, 10_500, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            Assert.Equal(HttpStatusCode.TooManyRequests, await stack.Edge.Client.StatusAsync(
                "/rating", ("X-API-Key", $"identity-{i}"), ("X-Forwarded-For", $"203.{i / 65536}.{i / 256 % 256}.{i % 256}"))));

        entries.RecordObservableInstruments();
        Assert.InRange(entries.LastMeasurement!.Value, Bound / 2, Bound);
        Assert.DoesNotContain(Keys(stack), name => name.Contains("k:", StringComparison.Ordinal));
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

    [Theory]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
        + "/ratings/smuggled HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /ratings/smuggled "
        + "HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\nGET /ratings/smuggled "
        + "HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost: edge\r\nX-A: b\r\n folded: GET /ratings/smuggled\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost : edge\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\n\r\n")]
    public async Task SmuggledRequest_NothingReachesTheUpstreamUnlimited(string bytes)
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 1));
        await stack.Edge.Client.StatusAsync();

        string answer = await RawHttp.ExchangeAsync(
            stack.Edge.Address, Encoding.Latin1.GetBytes(bytes.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));

        Assert.DoesNotContain(" 200 ", answer);
        Assert.DoesNotContain("HTTP/1.1 5", answer);
        Assert.Single(stack.Upstream.Requests);
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
