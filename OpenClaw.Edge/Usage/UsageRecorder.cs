using System.Numerics;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Usage;

/// <summary>Records every decision, without allocation and without waiting: a request takes the stripe of its processor, or the next one
/// when that is in use. If several in a row are in use, the decision is not recorded and counts as dropped.</summary>
internal sealed class UsageRecorder
{
    private const int Attempts = 4;
    private const int MaxStripes = 32;

    private readonly UsageStripe[] _stripes;
    private readonly int _mask;
    private readonly EdgeMetrics _metrics;

    public UsageRecorder(IOptions<EdgeOptions> options, EdgeMetrics metrics)
    {
        UsageOptions usage = options.Value.Usage;
        IsEnabled = usage.Enabled;
        int stripes = !IsEnabled
            ? 0
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, Attempts, MaxStripes));
        _stripes = [.. Enumerable.Range(0, stripes).Select(_ => new UsageStripe(usage.TrackedClients))];
        _mask = stripes - 1;
        _metrics = metrics;
    }

    public bool IsEnabled { get; }

    /// <summary>Records a decision.</summary>
    public void Add(in UsageRecord record)
    {
        int stripe = Thread.GetCurrentProcessorId();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (_stripes[(stripe + attempt) & _mask].TryAdd(record))
            {
                return;
            }
        }

        _metrics.CountDroppedUsage();
    }

    /// <summary>Takes what was recorded since the last call. Not safe for concurrent use; the result is valid until the next
    /// call.</summary>
    public IEnumerable<UsageFrame> Drain() => _stripes.Select(stripe => stripe.Drain());
}
