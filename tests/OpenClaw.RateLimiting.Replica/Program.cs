// A replica in a separate process with a wrong clock: requests tokens from a shared bucket as fast as it can. Arguments: Redis, key prefix,
// skew of the clock in seconds. Prints "ready", starts at a line of input, stops at the next one, and prints the number of tokens granted.
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Redis;
using StackExchange.Redis;

await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync($"{args[0]},asyncTimeout=20000");
RedisRateLimiterOptions options = new() { KeyPrefix = args[1], Deadline = TimeSpan.FromSeconds(10) };
await using RateLimiterClient limiter = new(
    redis, options, new SkewedClock(TimeSpan.FromSeconds(double.Parse(args[2], CultureInfo.InvariantCulture))), NullLoggerFactory.Instance,
    new Meters());
RateLimitPolicy policy = new(
    "hot", [new TokenBucket("b", 200, 100, TimeSpan.FromSeconds(1)), new TokenBucket("wide", 100_000, 1, TimeSpan.FromSeconds(1))]);
await limiter.DecideAsync([new Charge(policy, "warm-up", 0)]);
Console.WriteLine("ready");
Console.ReadLine();
Task stop = Task.Run(Console.ReadLine);
long granted = 0, unseen = 0;
await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
{
    while (!stop.IsCompleted)
    {
        long cost = 1 + (worker % 3);
        RateLimitDecision decision = await limiter.DecideAsync([new Charge(policy, "shared", cost)]);
        Interlocked.Add(ref granted, decision.IsAllowed ? cost : 0);
        Interlocked.Add(ref unseen, decision.Source is DecisionSource.Store or DecisionSource.DenyCache ? 0 : 1);
        await Task.Yield();
    }
}));
Console.WriteLine($"{granted} {unseen}");

internal sealed class Meters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
