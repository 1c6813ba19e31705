namespace OpenClaw.EdgeBench.Outages;

/// <summary>A part of the run, and its fault in Redis.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="StartAsync">Causes the fault.</param>
internal sealed record Phase(string Name, Func<Task> StartAsync);
