using BenchmarkDotNet.Attributes;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Benchmarks;

/// <summary>Measures the cost of usage and events in a decision of the edge.</summary>
[MemoryDiagnoser]
public class UsageBenchmarks
{
    private const int Addresses = 4_096;

    private readonly UsageRecorder _recorder = new(
        Microsoft.Extensions.Options.Options.Create(new EdgeOptions()), new EdgeMetrics(new NullMeters()));

    private readonly ReportedEvents _reported = new(TimeProvider.System);
    private readonly UsageRecord _client = new("rating", null, new UsageSubject("acme", default), true, DecisionSource.Store, 250);
    private readonly UsageRecord[] _addresses = [.. Enumerable.Range(0, Addresses).Select(i => new UsageRecord(
        "address", null, new UsageSubject(null, new ClientAddress((uint)(i * 7919), 32, IsIPv4: true)), false, DecisionSource.DenyCache,
            1))];

    private int _next;

    [GlobalSetup]
    public void Setup() => _reported.Set("rating", "burst", "c:acme", 100, TimeSpan.FromHours(1));

    [Benchmark(Description = "recorded, one client")]
    public void OneClient() => _recorder.Add(_client);

    // More clients than counters, so that most records replace another.
    [Benchmark(Description = "recorded, 4096 addresses")]
    public void ManyAddresses() => _recorder.Add(_addresses[_next++ % Addresses]);

    [Benchmark(Description = "threshold already reported")]
    public bool Reported() => _reported.Contains("rating", "burst", "c:acme", 100);
}
