namespace OpenClaw.EdgeBench.Measurements;

/// <summary>Cost of a limit at the edge and at a peer: processor time per allowed request, proxy and Redis together, above
/// the same proxy without a limit.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Own">The edge with a limit, and without.</param>
/// <param name="Peer">The peer with a limit, and without.</param>
/// <param name="Aim">Largest accepted fraction of the peer's cost.</param>
internal sealed record LimitCost(
    string Name, (Workload Limited, Workload Unlimited) Own, (Workload Limited, Workload Unlimited) Peer, double Aim);
