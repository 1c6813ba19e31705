namespace OpenClaw.Edge.Usage;

/// <summary>One client in a list of top clients of a replica.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Count">Lower bound of the number of its decisions.</param>
/// <param name="Client">Id of a known client; null for an address.</param>
/// <param name="Address">The address; null for a known client.</param>
internal sealed record ReplicaTopClient(string Policy, long Count, string? Client = null, string? Address = null);
