using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>A service that answers <c>POST /rating</c>, and how to start it.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Missing">Missing prerequisite, with the command that installs it; null for none.</param>
/// <param name="StartAsync">Starts it behind the given back ends.</param>
internal sealed record Target(string Name, string? Missing, Func<BackEnds, CancellationToken, Task<Server>> StartAsync);
