namespace OpenClaw.Edge.Usage;

/// <summary>A client among those with the most decisions, over all replicas.</summary>
/// <param name="Name">Its id, or its address.</param>
/// <param name="Kind"><c>client</c> or <c>address</c>.</param>
/// <param name="Client">Id of a known client; null for an address.</param>
/// <param name="Address">The address; null for a known client.</param>
/// <param name="Policy">The policy that decided.</param>
/// <param name="Count">Upper bound of the number of decisions.</param>
/// <param name="ErrorAtMost">Largest amount by which the count may be too high.</param>
internal sealed record FleetTopClient(
    string Name, string Kind, string? Client, string? Address, string Policy, long Count, long ErrorAtMost);
