using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>One row of the report: a target under a load.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Target">The target.</param>
/// <param name="Clients">Number of clients, used in turn; 1 is one hot key.</param>
/// <param name="Addresses">Number of their addresses.</param>
/// <param name="Denied">Whether every answer is expected to be a refusal; otherwise every one must be a success.</param>
internal sealed record Workload(string Name, Target Target, int Clients = 1, int Addresses = 1, bool Denied = false);
