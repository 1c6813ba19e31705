using System.Diagnostics;
using System.Globalization;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Redis;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Concurrency;

/// <summary>Replicas in processes of their own, with clocks up to 10 s apart, on one bucket.</summary>
public sealed class ReplicaProcessTests(SharedRedis shared, ITestOutputHelper output)
{
    private const int Capacity = 200;
    private const int Rate = 100;

    private static readonly RateLimitPolicy Policy = new(
        "hot", [new TokenBucket("b", Capacity, Rate, TimeSpan.FromSeconds(1)), new TokenBucket(
            "wide", 100_000, 1, TimeSpan.FromSeconds(1))]);

    [Fact]
    public async Task Decide_ProcessesWithSkewedClocks_AdmitWhatTheBucketHoldsAndNotOneMore()
    {
        RedisServer server = await shared.ServerAsync();
        ConnectionMultiplexer redis = await shared.ConnectionAsync();
        string prefix = shared.NewPrefix();
        await using RateLimiterClient observer = await shared.ReplicaAsync(prefix, options => options.DenyCacheEntries = 0);
        List<Process> replicas = [.. new[] { "0", "10", "-10" }.Select(skew => Start(server.ConnectionString, prefix, skew))];
        try
        {
            foreach (Process replica in replicas)
            {
                Assert.Equal("ready", await ReadAsync(replica));
            }

            // Drained at a known time; it does not fill up again before the replicas ask.
            long drainedAfter = await TimeAsync(redis);
            Assert.True((await observer.DecideAsync([new Charge(Policy, "shared", Capacity)])).IsAllowed);
            long drainedBefore = await TimeAsync(redis);
            replicas.ForEach(replica => replica.StandardInput.WriteLine());
            await Task.Delay(TimeSpan.FromSeconds(2));
            replicas.ForEach(replica => replica.StandardInput.WriteLine());
            long admitted = 0;
            foreach (Process replica in replicas)
            {
                string[] result = (await ReadAsync(replica)).Split(' ');
                admitted += long.Parse(result[0], CultureInfo.InvariantCulture);
                Assert.Equal("0", result[1]);
            }

            long countedAfter = await TimeAsync(redis);
            long left = (await observer.DecideAsync([new Charge(Policy, "shared", 0)])).Buckets[0].Remaining;
            long countedBefore = await TimeAsync(redis);

            output.WriteLine($"{admitted} admitted and {left} left after {(countedBefore - drainedAfter) / 1e6} s.");
            Assert.InRange(left, 0, Capacity - 1);
            Assert.InRange(
                admitted + left,
                Math.Floor((countedAfter - drainedBefore) * (Rate / 1e6)) - 1,
                Math.Floor((countedBefore - drainedAfter) * (Rate / 1e6)));
        }
        finally
        {
            foreach (Process replica in replicas)
            {
                replica.Kill();
                replica.Dispose();
            }
        }
    }

    private static Process Start(string redis, string prefix, string skew) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "OpenClaw.RateLimiting.Replica.dll"), redis, prefix, skew])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static async Task<string> ReadAsync(Process replica)
        => await replica.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException(
            "The replica ended.");

    private static async Task<long> TimeAsync(IConnectionMultiplexer redis)
    {
        RedisValue[] time = (RedisValue[])(await redis.GetDatabase().ExecuteAsync("TIME"))!;
        return ((long)time[0] * 1_000_000) + (long)time[1];
    }
}
