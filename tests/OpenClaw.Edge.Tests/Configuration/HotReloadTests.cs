using System.Net;
using System.Text.Json;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class HotReloadTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Configuration_PolicyChanged_NewNumbersAndBalanceInProportion()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 10));
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await Requests.CountAllowedAsync(5, _ => client.StatusAsync());

        stack.Edge.Settings["OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity"] = "100";
        stack.Edge.Settings.Reload();
        using HttpResponseMessage response = await client.SendAsync();

        Assert.StartsWith("\"burst\";q=100;", response.Header("RateLimit-Policy"));
        Assert.StartsWith("\"burst\";r=49;", response.Header("RateLimit"));
    }

    [Fact]
    public async Task Configuration_ReadAgain_TierWithThePolicysOwnNumbersKeepsItsBucket()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("address", "address", 3), ("OpenClaw:Edge:Tiers:gold:address:address:Capacity", "3"),
            ("OpenClaw:Edge:Tiers:gold:address:address:RefillTokens", "1"),
            ("OpenClaw:Edge:Tiers:gold:address:address:RefillPeriod", "01:00:00"),
        ]);
        using HttpClient gold = stack.Edge.CreateClient("gold-key");
        Assert.Equal(2, await Requests.CountAllowedAsync(2, _ => gold.StatusAsync()));

        stack.Edge.Settings.Reload();

        Assert.Equal(1, await Requests.CountAllowedAsync(4, _ => gold.StatusAsync()));
        Assert.Equal(3, await Requests.CountAllowedAsync(4, _ => stack.Edge.Client.StatusAsync()));
    }

    [Fact]
    public async Task Configuration_AddressBucketRenamed_RefusalsSayTheNewName()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket(
                "place", "old", 1), ("OpenClaw:Edge:Policies:place:PartitionBy", "address"), ("OpenClaw:Edge:AddressPolicy", "place")]);
        await stack.Edge.Client.StatusAsync();
        Assert.Equal(["old"], await ViolatedAsync());

        stack.Edge.Settings.Remove("OpenClaw:Edge:Policies:place:Buckets:old");
        foreach ((string key, string? value) in Requests.Bucket("place", "new", 1))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings.Reload();
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        Assert.Equal(["new"], await ViolatedAsync());

        async Task<string?[]> ViolatedAsync()
        {
            using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            return [.. JsonElement.Parse(await refused.Content.ReadAsStringAsync())
                .GetProperty("violated-policies")
                .EnumerateArray()
                .Select(name => name.GetString())];
        }
    }

    [Fact]
    public async Task Configuration_ReadAgainUnchanged_LimitsAreKeptAndTextsAreNot()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        PolicyVariant before = stack.Edge.Rules.Current.PoliciesByName["rating"].Variant;

        stack.Edge.Settings.Reload();
        PolicyVariant after = stack.Edge.Rules.Current.PoliciesByName["rating"].Variant;

        // The limiter's caches are keyed by the limits. A response cache that outlived its rules would keep every former address policy.
        Assert.Same(before.Limits, after.Limits);
        Assert.NotSame(before.Fields, after.Fields);
    }

    [Theory]
    [InlineData("3", 2)]
    [InlineData("0", 5)]
    public async Task Configuration_BucketAddedBeforeARequestIsSettled_KeepsItsBalance(string stated, int burst)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"),
                ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "1")]);
        TaskCompletionSource release = new();
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["X-Real-Cost"] = context.Request.Path == "/rating" ? stated : "1";
            return context.Request.Path == "/rating" ? release.Task : Task.CompletedTask;
        };
        using HttpClient held = stack.Edge.CreateClient("test-key");
        using HttpClient other = stack.Edge.CreateClient("test-key");
        Task<HttpStatusCode> slow = held.StatusAsync();
        await Poll.UntilAsync("it is at the upstream", () => !stack.Upstream.Requests.IsEmpty, Patience);

        foreach ((string key, string? value) in Requests.Bucket("rating", "daily", 10))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings.Reload();
        Assert.Equal(4, await Requests.CountAllowedAsync(4, _ => other.StatusAsync("/ratings/x")));
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, await slow);
        using HttpResponseMessage after = await held.SendAsync("/ratings/x");

        // The new bucket was charged for the other five requests only: the one in flight was charged to the old bucket, so nothing is
        // settled here.
        Assert.Matches($"^\"burst\";r={burst};t=\\d+, \"daily\";r=5;t=\\d+$", after.Header("RateLimit"));
    }

    [Fact]
    public async Task Reload_UnderLoad_LosesNoRequestAndNoBalance()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 50));
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using CancellationTokenSource stop = new();
        int allowed = 0;
        int others = 0;

        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                HttpStatusCode status = await client.StatusAsync();
                Interlocked.Add(ref allowed, status == HttpStatusCode.OK ? 1 : 0);
                Interlocked.Add(ref others, status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests ? 0 : 1);
            }
        }));
        for (int i = 0; i < 30; i++)
        {
            stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = $"198.51.100.{i}";
            stack.Edge.Settings.Reload();
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await load;

        Assert.Equal(0, others);
        Assert.Equal(50, allowed);
    }
}
