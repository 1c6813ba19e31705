using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.Samples.Tests;

public sealed class WorkerTests(Packages packages)
{
    // Native AOT: whatever the packages need reflection for fails here.
    [Fact]
    public async Task Sample_PublishedAsNativeAot_KeepsToTheLimitTogetherWithAnother()
    {
        Requires.RedisServer();
        Requires.NativeCompiler();
        string output = await packages.MakeAsync("publish", "Worker", "--use-current-runtime");
        Assert.False(File.Exists(Path.Combine(output, "Worker.dll")), "The sample was not compiled to native code.");
        await using RedisServer redis = await RedisServer.StartAsync();
        int calls = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication partner = builder.Build();
        partner.Urls.Add("http://127.0.0.1:0");
        partner.MapGet("/", () => Interlocked.Increment(ref calls));
        await partner.StartAsync();
        Stopwatch watch = Stopwatch.StartNew();

        using ChildProcess one = await StartAsync();
        using ChildProcess two = await StartAsync();
        await Poll.UntilAsync("both workers have ended", () => one.HasExited && two.HasExited, TimeSpan.FromMinutes(1));

        // 5 at once and 10 a second: 40 calls take 3.5 seconds.
        Assert.Equal(40, calls);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(3.5), $"40 calls took {watch.Elapsed}.");
        Assert.Contains("partner:{partner-api}partner", await redis.ExecuteAsync("KEYS", "*"));

        Task<ChildProcess> StartAsync() => ChildProcess.StartAsync(
            Path.Combine(output, "Worker"),
            [],
            Path.Combine(Packages.Root, "samples/Worker"),
            new Dictionary<string, string>
            {
                ["ConnectionStrings__redis"] = redis.ConnectionString,
                ["Partner__Address"] = partner.Urls.Single(),
                ["RateLimiting__Deadline"] = "00:00:05",
            });
    }
}
