namespace OpenClaw.EdgeBench.Load;

/// <summary>Results of a run of <see cref="LoadGenerator"/>.</summary>
/// <param name="Plan">The requested load.</param>
/// <param name="Slots">Parts of the run, in order.</param>
internal sealed record LoadResult(LoadPlan Plan, IReadOnlyList<LoadSlot> Slots)
{
    public LoadSlot Total { get; } = LoadSlot.Sum(Slots);

    public double PerSecond => Total.Arrived / Plan.Duration.TotalSeconds;

    /// <summary>The parts between two times since the start of the run, as one.</summary>
    public LoadSlot Between(TimeSpan from, TimeSpan to)
        => LoadSlot.Sum(Slots.Where((_, index) => Plan.Slot!.Value * index is var start && start >= from && start < to));
}
