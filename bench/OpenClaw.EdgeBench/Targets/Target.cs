using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>Something that answers <c>POST /rating</c>, and how to start it.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Missing">What this machine lacks for it, with the command that installs it; null when nothing.</param>
/// <param name="StartAsync">Starts it behind the given back ends.</param>
internal sealed record Target(string Name, string? Missing, Func<BackEnds, CancellationToken, Task<Server>> StartAsync);
