namespace OpenClaw.EdgeBench.Measurements;

/// <summary>What a limit costs the edge against what one costs a peer: processor time per allowed request, proxy and Redis together, above
/// the same proxy without a limit.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Own">The edge with a limit, and without.</param>
/// <param name="Peer">The peer with a limit, and without.</param>
/// <param name="Aim">The share of the peer's cost to stay below.</param>
internal sealed record LimitCost(
    string Name, (Workload Limited, Workload Unlimited) Own, (Workload Limited, Workload Unlimited) Peer, double Aim);
