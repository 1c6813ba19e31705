namespace OpenClaw.EdgeBench.Load;

/// <summary>A load of <c>POST /rating</c>.</summary>
internal sealed record LoadPlan
{
    /// <summary>Edges that share the load, a connection at a time.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Requests per second, sent whether or not earlier ones were answered; null for the next one on each answer.</summary>
    public double? Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Length of the parts that results are kept for; null for one.</summary>
    public TimeSpan? Slot { get; init; }

    public int Connections { get; init; } = 64;

    /// <summary>Number of clients, used in turn; 1 is one hot key.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Number of their addresses.</summary>
    public int Addresses { get; init; } = 1;

    /// <summary>The processor that the generator is bound to; null for any.</summary>
    public int? Processor { get; init; }
}
