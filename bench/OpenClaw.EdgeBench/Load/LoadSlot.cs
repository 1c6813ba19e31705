namespace OpenClaw.EdgeBench.Load;

/// <summary>Answers to the requests that were due in a part of a run.</summary>
internal sealed class LoadSlot
{
    /// <summary>From the time at which a request was due until the last byte of its answer.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Answers with 2xx.</summary>
    public long Succeeded { get; set; }

    /// <summary>Answers with 429.</summary>
    public long Refused { get; set; }

    /// <summary>Other statuses, broken connections, and requests sent without an answer two seconds after the end.</summary>
    public long Failed { get; set; }

    /// <summary>Answers that arrived in this part, whenever their requests were due.</summary>
    public long Arrived { get; set; }

    public static LoadSlot Sum(IEnumerable<LoadSlot> slots)
    {
        LoadSlot sum = new();
        foreach (LoadSlot slot in slots)
        {
            sum.Latencies.Add(slot.Latencies);
            sum.Succeeded += slot.Succeeded;
            sum.Refused += slot.Refused;
            sum.Failed += slot.Failed;
            sum.Arrived += slot.Arrived;
        }

        return sum;
    }
}
