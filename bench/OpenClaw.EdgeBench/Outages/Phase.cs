namespace OpenClaw.EdgeBench.Outages;

/// <summary>A part of the run, and what happens to Redis at its start.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="StartAsync">What happens.</param>
internal sealed record Phase(string Name, Func<Task> StartAsync);
