using System.Diagnostics;
using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>Records the parts of the caller's context that each call sees, before and after it waits for an answer.</summary>
internal sealed class ContextStore(IDecisionStore inner, AsyncLocal<string?> local) : IDecisionStore
{
    /// <summary>Value of the local and operation name of the activity, two for every call.</summary>
    public List<(string? Local, string? Activity)> Seen { get; } = [];

    public async ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        Note();
        await inner.DecideAsync(batch, abandon);
        Note();
    }

    private void Note()
    {
        lock (Seen)
        {
            Seen.Add((local.Value, Activity.Current?.OperationName));
        }
    }
}
