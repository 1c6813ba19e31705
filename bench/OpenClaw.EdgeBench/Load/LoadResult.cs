namespace OpenClaw.EdgeBench.Load;

/// <summary>What a run of <see cref="LoadGenerator"/> counted.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Slots">Parts of the run, in order.</param>
internal sealed record LoadResult(LoadPlan Plan, IReadOnlyList<LoadSlot> Slots)
{
    public LoadSlot Total { get; } = LoadSlot.Sum(Slots);

    public double PerSecond => Total.Arrived / Plan.Duration.TotalSeconds;

    /// <summary>The parts between two times since the start of the run, as one.</summary>
    public LoadSlot Between(TimeSpan from, TimeSpan to)
        => LoadSlot.Sum(Slots.Where((_, index) => Plan.Slot!.Value * index is var start && start >= from && start < to));
}
