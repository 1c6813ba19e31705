namespace OpenClaw.EdgeBench.Memory;

/// <summary>Settings of the runtime whose memory is compared.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Variables">Environment.</param>
internal sealed record MemoryVariant(string Name, params (string Name, string Value)[] Variables)
{
    public MemoryMap? Ready { get; set; }

    public MemoryMap? Loaded { get; set; }

    public MemoryMap? Idle { get; set; }

    public MemoryMap? Million { get; set; }

    /// <summary>Distinct clients in the last part.</summary>
    public long Seen { get; set; }

    /// <summary>Memory held by the garbage collector then, in MiB.</summary>
    public double Heap { get; set; }

    /// <summary>Requests of 10 000 clients per second, once warm.</summary>
    public double PerSecond { get; set; }

    /// <summary>Processor time of the edge per such request, in microseconds.</summary>
    public double Cost { get; set; }
}
