using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>One row of the report: a target under a load.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Target">What is loaded.</param>
/// <param name="Clients">How many clients take turns; 1 is one hot key.</param>
/// <param name="Addresses">From how many addresses they come.</param>
/// <param name="Denied">Whether every answer is expected to be a refusal; otherwise every one must be a success.</param>
internal sealed record Workload(string Name, Target Target, int Clients = 1, int Addresses = 1, bool Denied = false);
