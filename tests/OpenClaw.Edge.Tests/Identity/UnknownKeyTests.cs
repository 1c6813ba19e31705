using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OpenClaw.Edge.Tests.Hosting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Identity;

public sealed class UnknownKeyTests(SharedRedis redis)
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

        // More than the bucket holds: Redis denies each of them, and the denial can be cached.
        await Parallel.ForAsync(0, 10_500, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            Assert.Equal(HttpStatusCode.TooManyRequests, await stack.Edge.Client.StatusAsync(
                "/rating", ("X-API-Key", $"identity-{i}"), ("X-Forwarded-For", $"203.{i / 65536}.{i / 256 % 256}.{i % 256}"))));

        entries.RecordObservableInstruments();
        Assert.InRange(entries.LastMeasurement!.Value, Bound / 2, Bound);
        Assert.DoesNotContain(Keys(stack), name => name.Contains("k:", StringComparison.Ordinal));
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
