namespace OpenClaw.EdgeBench.Scaling;

/// <summary>A number of edges or masters, and what a request costs with them.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Edges">How many edges share the load.</param>
/// <param name="Masters">How many masters the Redis Cluster has; 0 for one Redis.</param>
internal sealed record Step(string Name, int Edges, int Masters)
{
    /// <summary>Requests of each round.</summary>
    public List<ScaleSample> Rounds { get; } = [];
}
