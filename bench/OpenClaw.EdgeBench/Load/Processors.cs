namespace OpenClaw.EdgeBench.Load;

/// <summary>Assignment of processors that separates edges from the load.</summary>
/// <param name="Edge">Of the edges, as <c>taskset</c> names them.</param>
/// <param name="Others">Of everything else.</param>
/// <param name="Generator">Of the load generator, one of <paramref name="Others"/>.</param>
internal sealed record Processors(string Edge, string Others, int Generator)
{
    /// <exception cref="InvalidOperationException">There is only one.</exception>
    public static Processors OfThisMachine() => Environment.ProcessorCount switch
    {
        1 => throw new InvalidOperationException("The edge and what loads it need a processor each: this runs on two or more."),
        2 => new Processors("0", "1", 1),
        var count => new Processors("0", $"1-{count - 1}", count - 1),
    };
}
