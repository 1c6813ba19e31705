using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Admin;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Rules;

/// <summary>Rules never return to an older version, whatever happens to Redis.</summary>
public sealed class RulesFailoverTests
{
    private const string Denied = "127.0.0.77";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Denying = $$"""{ "Deny": { "Networks": ["{{Denied}}"] } }""";

    [Fact]
    public async Task MasterAway_StaleReplica_IsNotRead()
    {
        Requires.RedisServer();
        await using RedisServer master = await RedisServer.StartAsync();
        await using FaultyProxy link = FaultyProxy.Start(master.Port);
        await using RedisServer replica = await RedisServer.StartAsync(
            new() { Arguments = ["--replicaof", "127.0.0.1", $"{link.Port}", "--repl-diskless-sync-delay", "0"] });
        await using Stack stack = await Stack.StartAsync($"{master.EndPoint},{replica.EndPoint}");
        await WriteAsync(master, stack, "1", "{}");
        await Poll.UntilAsync(
            "the replica has it", async () => await replica.ExecuteAsync("HGET", stack.Scope + ":rules", "version") == "1", Patience);
        link.RefuseConnections = true;
        link.Cut();
        await WriteAsync(master, stack, "2", Denying);
        await UntilAsync(stack.Edge, "2");

        master.Kill();
        await Poll.UntilAsync("the edge misses the master", () => Logged(stack.Edge, 102) == 1, Patience);
        TestEdge restarted = await stack.AddEdgeAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.Equal("1", await replica.ExecuteAsync("HGET", stack.Scope + ":rules", "version"));
        Assert.Equal("2", stack.Edge.Rules.DocumentVersion);
        Assert.Null(restarted.Rules.DocumentVersion);
    }

    [Fact]
    public async Task FailoverThatLosesAWrite_NewestStaysAndTheNextPutIsNewerThanBoth()
    {
        Requires.RedisServer();
        (string, string?)[] settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey)];
        await using SentinelDeployment redis = await SentinelDeployment.StartAsync();
        await using Stack stack = await Stack.StartAsync(redis.ConnectionString, settings);
        RedisServer master = redis.Servers[0];
        await WriteAsync(master, stack, "99999998T000000", "{}");
        await UntilAsync(stack.Edge, "99999998T000000");
        foreach (RedisServer replica in redis.Servers.Skip(1))
        {
            await Poll.UntilAsync("the replica has it", async () => await replica.ExecuteAsync(
                "HGET", stack.Scope + ":rules", "version") == "99999998T000000", Patience);
            // The replicas now send a wrong password to the master, so replication stops.
            await replica.ExecuteAsync("CONFIG", "SET", "masterauth", "wrong");
        }

        await master.ExecuteAsync("CLIENT", "KILL", "TYPE", "replica");
        await WriteAsync(master, stack, "99999999T000000", Denying);
        await UntilAsync(stack.Edge, "99999999T000000");
        master.Kill();
        await Poll.UntilAsync(
            "there is another master", async () => await redis.FindMasterAsync() is { } found && found != master, Patience);
        await Poll.UntilAsync("the older version is seen", () => Logged(stack.Edge, 105) > 0, Patience);
        TestEdge restarted = await stack.AddEdgeAsync(settings);
        await UntilAsync(restarted, "99999998T000000");

        using HttpClient denied = stack.Edge.CreateClient(from: Denied);
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());
        Assert.Equal("99999999T000000", stack.Edge.Rules.DocumentVersion);

        // Written through the edge that knows both versions, so the new one is newer than both and every replica applies it.
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpResponseMessage put = await admin.PutRulesAsync("""{ "Deny": { "Networks": ["127.0.0.78"] } }""");
        string version = (await put.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetString()!;
        Assert.Equal("99999999T000001", version);
        await UntilAsync(stack.Edge, version);
        await UntilAsync(restarted, version);
        Assert.Equal(HttpStatusCode.OK, await denied.StatusAsync());
        Assert.Equal(1, Logged(stack.Edge, 105));
    }

    private static int Logged(TestEdge edge, int id) => edge.Logs.GetSnapshot().Count(record => record.Id.Id == id);

    private static Task UntilAsync(TestEdge edge, string version) =>
        Poll.UntilAsync($"version {version} is in force", () => edge.Rules.DocumentVersion == version, Patience);

    private static Task WriteAsync(RedisServer server, Stack stack, string version, string document) =>
        server.ExecuteAsync("HSET", stack.Scope + ":rules", "version", version, "document", document);
}
