namespace OpenClaw.Console.Edge;

/// <summary>A call to the edge failed. The message is one sentence or more for the operator.</summary>
internal sealed class EdgeException(EdgeFailure failure, string message, IReadOnlyList<string>? errors = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Kind of failure.</summary>
    public EdgeFailure Failure => failure;

    /// <summary>Every error of an invalid document.</summary>
    public IReadOnlyList<string> Errors => errors ?? [];
}
