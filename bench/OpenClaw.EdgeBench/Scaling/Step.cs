namespace OpenClaw.EdgeBench.Scaling;

/// <summary>A number of edges or masters, and what a request costs with them.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Edges">Number of edges that share the load.</param>
/// <param name="Masters">Number of masters of the Redis Cluster; 0 for one Redis.</param>
internal sealed record Step(string Name, int Edges, int Masters)
{
    /// <summary>Requests of each round.</summary>
    public List<ScaleSample> Rounds { get; } = [];
}
