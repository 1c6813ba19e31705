using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>The images and the rendered production manifests, run in containers: non-root, read-only, without a shell, and limited by the
/// shared bucket.</summary>
[Collection(nameof(PodmanStack))]
public sealed class PodmanTests(PodmanStack stack)
{
    [Fact]
    public async Task Burst_ThroughTheContainers_IsLimited()
    {
        await stack.RequireAsync();
        using HttpClient client = new() { BaseAddress = stack.Edge };
        await RestedAsync(client);
        long start = Stopwatch.GetTimestamp();
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => RateAsync(client)));
        double refilled = 5 * Stopwatch.GetElapsedTime(start).TotalSeconds;

        int admitted = answers.Count(a => a.StatusCode == HttpStatusCode.OK);
        Assert.InRange(admitted, 20, 20 + (int)Math.Ceiling(refilled));
        HttpResponseMessage refused = answers.First(a => a.StatusCode != HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("\"error\":\"Too Many Requests\"", await refused.Content.ReadAsStringAsync());
        Assert.Equal(60, admitted + answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Rating_Posted_ReachesTheRatingApi()
    {
        await stack.RequireAsync();
        using HttpClient client = new() { BaseAddress = stack.Edge };
        await RestedAsync(client);
        HttpResponseMessage answer = await RateAsync(client);
        Assert.Contains("rating recorded", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("edge", "1654:1654")]
    [InlineData("rating-api", "1654:1654")]
    [InlineData("console", "1654:1654")]
    [InlineData("notifier", "1654:1654")]
    [InlineData("redis", "999:999")]
    public async Task Container_Running_IsConfined(string workload, string user)
    {
        await stack.RequireAsync();
        string format =
            "{{.HostConfig.ReadonlyRootfs}} {{.Config.User}} {{.EffectiveCaps}} {{.HostConfig.SecurityOpt}} {{gt .HostConfig.Memory 0}}";
        string seen = (await PodmanStack.PodmanAsync("inspect", stack.Container(workload), "--format", format)).Successful();
        Assert.Equal($"true {user} [] [no-new-privileges] true", seen.Trim());
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("rating-api")]
    [InlineData("console")]
    [InlineData("notifier")]
    public async Task Image_OfAService_HasLabelsUserAndNoShell(string workload)
    {
        await stack.RequireAsync();
        string image = $"localhost/openclaw/{workload}:local";
        const string Format = "{{.User}} {{.Config.Entrypoint}} {{index .Labels \"org.opencontainers.image.vendor\"}} " +
            "{{index .Labels \"org.opencontainers.image.version\"}}";
        string seen = (await PodmanStack.PodmanAsync("image", "inspect", image, "--format", Format)).Successful();
        Assert.StartsWith("1654 [dotnet /app/OpenClaw.", seen);
        Assert.EndsWith(" OpenClaw 1.0.0", seen.Trim());
        Assert.NotEqual(0, (await PodmanStack.PodmanAsync("exec", stack.Container(workload), "/bin/sh", "-c", "true")).ExitCode);
    }

    /// <summary>No warnings at the start: keys are kept in a persistent place, and the Redis user has all rights.</summary>
    [Theory]
    [InlineData("edge")]
    [InlineData("rating-api")]
    [InlineData("console")]
    [InlineData("notifier")]
    public async Task Service_Started_RunsAndWarnsOfNothing(string workload)
    {
        await stack.RequireAsync();
        string container = stack.Container(workload);
        Assert.Equal("running", $"{await PodmanStack.PodmanAsync("inspect", container, "--format", "{{.State.Status}}")}");
        Tool.Result logs = await PodmanStack.PodmanAsync("logs", container);
        string start =
            string.Join('\n', $"{logs.Output}{logs.Error}".Split('\n').TakeWhile(l => !l.Contains("Application is shutting down")));
        Assert.DoesNotContain("fail:", start);
        Assert.DoesNotMatch("warn:.*\n.*(DataProtection|key|right|NOPERM)", start);
    }

    [Fact]
    public async Task Console_Opened_AsksForASignIn()
    {
        await stack.RequireAsync();
        using HttpClient client = new() { BaseAddress = stack.Console };
        string page = "";
        await PodmanStack.UntilAsync(async () => page = await client.GetStringAsync("/"), answer => answer.Length > 0);
        Assert.Contains("<form", page);
    }

    /// <summary>More connections than a replica takes, each with a head that is almost too long and never complete: the memory limit is
    /// that of the cluster.</summary>
    [Fact]
    public async Task Edge_FloodedWithUnfinishedHeads_StaysUp()
    {
        await stack.RequireAsync();
        string started = (await PodmanStack.PodmanAsync("inspect", stack.Container("edge"), "--format", "{{.State.StartedAt}}"))
            .Successful();
        // Whole lines, because only those become strings beside the bytes that came.
        string lines = string.Concat(Enumerable.Range(0, 14).Select(i => $"X-{i}: {new string('a', 1_070)}\r\n"));
        byte[] head = Encoding.ASCII.GetBytes($"POST /rating HTTP/1.1\r\nHost: edge\r\n{lines}X-Unfinished: ");
        List<Socket> sockets = [];
        try
        {
            for (int i = 0; i < 6_000; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                try
                {
                    await socket.ConnectAsync(stack.Edge.Host, stack.Edge.Port);
                    await socket.SendAsync(head);
                }
                catch (SocketException)
                {
                    // Closed by the edge, which has enough of them.
                }
            }
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        using HttpClient client = new() { BaseAddress = stack.Edge, Timeout = TimeSpan.FromSeconds(2) };
        await PodmanStack.UntilAsync(() => client.GetStringAsync(new Uri(stack.Management, "/health")), health => health == "Healthy");
        Assert.Equal(started,
            (await PodmanStack.PodmanAsync("inspect", stack.Container("edge"), "--format", "{{.State.StartedAt}}")).Successful());
    }

    [Fact]
    public async Task Redis_Restarted_KeepsItsData()
    {
        await stack.RequireAsync();
        (await RedisAsync("set", "rl:kept", "yes")).Successful();

        int exitCode = await stack.StopRedisAsync();
        await stack.StartRedisAsync();

        // It exited after SIGTERM and was not killed.
        Assert.Equal(0, exitCode);
        await PodmanStack.UntilAsync(async () => $"{await RedisAsync("mget", "rl:kept")}", answer => answer == "yes");
    }

    /// <summary>The commands of docs/how-to/operate.md, with podman in the place of kubectl.</summary>
    [Fact]
    public async Task Redis_BackedUpAndRestored_HasTheDataOfThen()
    {
        await stack.RequireAsync();
        string file = Path.GetTempFileName();
        try
        {
            (await RedisAsync("set", "rl:backup", "then")).Successful();
            string container = stack.Container("redis");
            (await PodmanStack.ShellAsync($"podman exec {container} sh /etc/redis/backup.sh >{file}")).Successful();
            (await RedisAsync("set", "rl:backup", "later")).Successful();
            (await PodmanStack.ShellAsync($"podman exec -i {container} sh /etc/redis/restore.sh <{file}")).Successful();
            await stack.StopRedisAsync();
            await stack.StartRedisAsync();
            await PodmanStack.UntilAsync(async () => $"{await RedisAsync("mget", "rl:backup")}", answer => answer == "then");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Redis_Gone_TheEdgeAnswersAndStaysReady()
    {
        await stack.RequireAsync();
        using HttpClient client = new() { BaseAddress = stack.Edge, Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            await stack.StopRedisAsync();
            await PodmanStack.UntilAsync(() => client.GetStringAsync(new Uri(stack.Management, "/health")), health =>
                health.StartsWith("Degraded", StringComparison.Ordinal));
            HttpResponseMessage answer = await RateAsync(client);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        }
        finally
        {
            await stack.StartRedisAsync();
        }

        await PodmanStack.UntilAsync(() => client.GetStringAsync(new Uri(stack.Management, "/health")), health => health == "Healthy");
    }

    // The password is in the container's environment.
    private Task<Tool.Result> RedisAsync(params string[] command) => PodmanStack.PodmanAsync(
        ["exec", stack.Container("redis"), "sh", "-c", "redis-cli --user edge --pass \"$REDIS_EDGE_PASSWORD\" --no-auth-warning \"$@\"",
            "sh", .. command]);

    /// <summary>Waits for a full bucket: other tests of this class take from the same one.</summary>
    private static async Task RestedAsync(HttpClient client)
    {
        await PodmanStack.UntilAsync(
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                return $"{await client.GetAsync("/ratings/nobody")}";
            },
            answer => answer.Contains("RateLimit: \"burst\";r=19"));
        // The request that found it full took a token; it is back in a fifth of a second.
        await Task.Delay(TimeSpan.FromSeconds(0.5));
    }

    private static Task<HttpResponseMessage> RateAsync(HttpClient client) => client.PostAsJsonAsync("/rating", new { score = 4 });
}
