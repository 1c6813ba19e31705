using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Responses;
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
        PolicyVariant before = Rules(stack.Edge).Current.PoliciesByName["rating"].Variant;

        stack.Edge.Settings.Reload();
        PolicyVariant after = Rules(stack.Edge).Current.PoliciesByName["rating"].Variant;

        // The limiter's caches are keyed by the limits. A response cache that outlived its rules would keep every former address policy.
        Assert.Same(before.Limits, after.Limits);
        Assert.NotSame(before.Responses, after.Responses);
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

        // The new bucket knows of the other five requests only: the one that was on its way paid it nothing, so nothing is settled there.
        Assert.Matches($"^\"burst\";r={burst};t=\\d+, \"daily\";r=5;t=\\d+$", after.Header("RateLimit"));
    }

    [Fact]
    public async Task Configuration_InvalidChange_RefusedWholeAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 10));
        EdgeRules before = Rules(stack.Edge).Current;

        stack.Edge.Settings["OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity"] = "100";
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = "platinum";
        stack.Edge.Settings["OpenClaw:Edge:Polices:x"] = "1";
        stack.Edge.Settings.Reload();

        Assert.Same(before, Rules(stack.Edge).Current);
        string message = Assert.Single(
            stack.Edge.Logs.GetSnapshot(), record => record.Level == LogLevel.Error && record.Id.Id == 101).Message;
        Assert.Contains("Clients:test:Tier is 'platinum'", message);
        Assert.Contains("Polices is not a setting", message);
    }

    [Fact]
    public async Task Configuration_ValueBecomesNull_RefusedAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRules before = Rules(stack.Edge).Current;

        stack.Edge.Settings["OpenClaw:Edge:AddressPolicy"] = null;
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = null;
        stack.Edge.Settings.Reload();

        string refusal = Assert.Single(Refusals(stack.Edge));
        Assert.Contains("OpenClaw:Edge:AddressPolicy is null; it must be a text.", refusal);
        Assert.Contains("OpenClaw:Edge:Clients:test:Tier is null; it must be a text.", refusal);
        Assert.Same(before, Rules(stack.Edge).Current);
    }

    [Fact]
    public async Task Configuration_FixedSettingChanged_ToldOnceByPathAndRulesChangeAllTheSame()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Edge.Settings["OpenClaw:Edge:Overload:MaxConnections"] = "77";
        stack.Edge.Settings["OpenClaw:Edge:ApiKeys:Pepper"] = "another-secret-that-nobody-may-read-in-a-log";
        stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = "127.0.0.77";
        stack.Edge.Settings.Reload();
        stack.Edge.Settings.Reload();

        Assert.False(Rules(stack.Edge).Current.Deny.IsEmpty);
        Assert.Equal(
            "Changed settings that are read only at start: OpenClaw:Edge:ApiKeys:Pepper, OpenClaw:Edge:Overload:MaxConnections. "
                + "Restart the edge to apply them.",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 104).Message);
    }

    [Fact]
    public async Task Configuration_FileCannotBeReadAnyMore_RefusedAndLoggedAndWhatItSaidStays()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string shared = Path.Combine(folder, "appsettings.json");
            string own = Path.Combine(folder, "appsettings.Development.json");
            File.Copy(Repository.Path("OpenClaw.Edge", "appsettings.json"), shared);
            File.Copy(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"), own);
            string good = await File.ReadAllTextAsync(own);
            await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder));
            EdgeRules before = Rules(stack.Edge).Current;

            await File.WriteAllTextAsync(own, good[..^20]);
            await File.WriteAllTextAsync(shared, "nonsense");
            await Poll.UntilAsync("it is refused", () => Refusals(stack.Edge).Any(refusal =>
                refusal.Contains("appsettings.json cannot be read") && refusal.Contains("appsettings.Development.json cannot be read")),
                    Patience);
            Assert.Same(before, Rules(stack.Edge).Current);

            // The document applies over the last valid files.
            Assert.Empty(Rules(stack.Edge).Apply("1", """{ "Deny": { "Networks": ["127.0.0.77"] } }"""));
            Assert.NotNull(Rules(stack.Edge).Current.Clients.FindById("gold-sample"));
            Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

            await File.WriteAllTextAsync(shared, await File.ReadAllTextAsync(Repository.Path("OpenClaw.Edge", "appsettings.json")));
            await File.WriteAllTextAsync(own, good.Replace("gold-sample", "platinum-sample"));
            await Poll.UntilAsync(
                "it is in force", () => Rules(stack.Edge).Current.Clients.FindById("platinum-sample") is not null, Patience);
            Assert.Null(Rules(stack.Edge).Current.Clients.FindById("gold-sample"));
            Assert.False(Rules(stack.Edge).Current.Deny.IsEmpty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Configuration_PolicyAndRouteInOneChange_BothInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        foreach ((string key, string? value) in Requests.Bucket("fresh", "only", 2))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "fresh";
        stack.Edge.Settings.Reload();

        await Poll.UntilAsync("the route has the new policy", async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy") == "\"only\";q=2;w=7200";
        }, Patience);
    }

    [Fact]
    public async Task Configuration_RouteNamesUnknownPolicy_RefusedOnceAndOldRouteStaysLimited()
    {
        await using Stack stack = await Stack.StartAsync(redis);

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "ratng";
        stack.Edge.Settings.Reload();
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        string error = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error).Message;
        Assert.EndsWith("\nReverseProxy:Routes:rating:RateLimiterPolicy is 'ratng'; the policies are: address, rating.", error);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Configuration_RouteNamesAPolicyOfRefusedRules_RefusedOnceAndBothInForceWhenMended()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        foreach ((string key, string? value) in Requests.Bucket("fresh", "only", 2))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "fresh";
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = "platinum";
        stack.Edge.Settings.Reload();

        string error = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error).Message;
        Assert.Contains("OpenClaw:Edge:Clients:test:Tier is 'platinum'", error);
        Assert.EndsWith("ReverseProxy:Routes:rating:RateLimiterPolicy names a policy of these rules, so routes and clusters stay as they "
            + "are, too.", error);

        // Routes follow once a document adds the missing policy.
        Assert.Empty(Rules(stack.Edge).Apply("1", """{ "Tiers": { "platinum": { "rating": { "burst": { "Capacity": 5 } } } } }"""));
        await Poll.UntilAsync("the route has the new policy", async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy") == "\"only\";q=2;w=7200";
        }, Patience);
    }

    /// <summary>Updates files like the kubelet: files are links into a folder that is itself a link, and that link is replaced.</summary>
    [Fact]
    public async Task Configuration_MountedFilesExchanged_InForceWithinTheTimeStatedAndLoggedOnce()
    {
        using Folder folder = new();
        folder.Mount("1", "gold-sample");
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        int before = InForce(stack.Edge);

        long start = Stopwatch.GetTimestamp();
        folder.Mount("2", "platinum-sample");
        await Poll.UntilAsync("it is in force", () => Rules(stack.Edge).Current.Clients.FindById("platinum-sample") is not null, Patience);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await Task.Delay(3 * SettingsFileWatcher.Interval);
        Assert.Equal(before + 1, InForce(stack.Edge));
        Assert.Empty(Refusals(stack.Edge));
    }

    [Fact]
    public async Task Configuration_FilesWrittenOneAfterTheOther_LoggedOnceWhenTheyHaveSettled()
    {
        using Folder folder = new();
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        int before = InForce(stack.Edge);

        // Half of it, and with a reference to what only comes with the other file: faulty for a moment.
        await File.WriteAllTextAsync(folder.Own, folder.Good[..^20]);
        await File.WriteAllTextAsync(
            folder.Own, folder.Good.Replace("\"gold-sample\": { \"Tier\": \"gold\"", "\"gold-sample\": { \"Tier\": \"platinum\""));
        await Task.Delay(SettingsFileWatcher.Interval / 5);
        await File.WriteAllTextAsync(
            folder.Shared, folder.GoodShared.Replace("\"AddressPolicy\"", "\"Tiers\": { \"platinum\": {} }, \"AddressPolicy\""));
        await Poll.UntilAsync("it is in force", () => Rules(stack.Edge).Current.Tiers.ContainsKey("platinum"), Patience);
        await Task.Delay(3 * SettingsFileWatcher.Interval);

        Assert.Equal(before + 1, InForce(stack.Edge));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Configuration_FaultyFileTouchedAgain_LoggedOnce()
    {
        using Folder folder = new();
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));

        await File.WriteAllTextAsync(folder.Own, folder.Good[..^20]);
        await Poll.UntilAsync("it is refused", () => Refusals(stack.Edge).Count > 0, Patience);
        File.SetLastWriteTimeUtc(folder.Own, DateTime.UtcNow);
        await Task.Delay(4 * SettingsFileWatcher.Interval);

        Assert.Contains("appsettings.Development.json cannot be read", Assert.Single(Refusals(stack.Edge)));
        Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
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

    private static EdgeRulesStore Rules(TestEdge edge) => edge.Services.GetRequiredService<EdgeRulesStore>();

    private static List<string> Refusals(TestEdge edge) =>
        [.. edge.Logs.GetSnapshot().Where(record => record.Id.Id == 101).Select(record => record.Message)];

    private static int InForce(TestEdge edge) => edge.Logs.GetSnapshot().Count(record => record.Id.Id == 100);

    /// <summary>A content root with settings files of its own.</summary>
    private sealed class Folder : IDisposable
    {
        public Folder()
        {
            File.WriteAllText(Shared, GoodShared);
            File.WriteAllText(Own, Good);
        }

        public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

        public string Shared => System.IO.Path.Combine(Path, "appsettings.json");

        public string Own => System.IO.Path.Combine(Path, "appsettings.Development.json");

        public string GoodShared { get; } = File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.json"));

        public string Good { get; } = File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"));

        public void Mount(string version, string client)
        {
            string data = System.IO.Path.Combine(Path, version);
            Directory.CreateDirectory(data);
            File.WriteAllText(System.IO.Path.Combine(data, "appsettings.json"), GoodShared);
            File.WriteAllText(System.IO.Path.Combine(data, "appsettings.Development.json"), Good.Replace("gold-sample", client));
            string link = System.IO.Path.Combine(Path, "..data");
            Directory.CreateSymbolicLink(link + version, version);
            // By renaming, as the kubelet does; .NET takes the link for the folder that it leads to.
            using (Process rename = Process.Start("mv", ["-T", link + version, link]))
            {
                rename.WaitForExit();
            }

            foreach (string file in (string[])[Shared, Own])
            {
                if (File.ResolveLinkTarget(file, returnFinalTarget: false) is null)
                {
                    File.Delete(file);
                    File.CreateSymbolicLink(file, System.IO.Path.Combine("..data", System.IO.Path.GetFileName(file)));
                }
            }
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
