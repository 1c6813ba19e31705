using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Tests.Model;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Batching;

/// <summary>A store that answers only when released, and records the decisions of every call.</summary>
internal sealed class GatedStore(TimeProvider timeProvider) : IDecisionStore
{
    private readonly MemoryDecisionStore _memory = new(timeProvider);
    private readonly Queue<TaskCompletionSource> _gates = new();
    private readonly Lock _lock = new();

    /// <summary>Every call so far: the decisions of each, in the order in which the store saw them.</summary>
    public List<IReadOnlyList<string>> Calls { get; } = [];

    /// <summary>How many runs of equal decisions each call had.</summary>
    public List<int> Runs { get; } = [];

    public async ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            Calls.Add([.. Describe(batch)]);
            Runs.Add(batch.Entries.Length);
            _gates.Enqueue(gate);
        }

        await gate.Task;
        await _memory.DecideAsync(batch, abandon);
    }

    /// <summary>Releases the oldest waiting call.</summary>
    public void Answer() => Assert.True(TryAnswer(), "No call waits.");

    /// <summary>Releases the oldest waiting call, if there is one.</summary>
    public bool TryAnswer()
    {
        lock (_lock)
        {
            return _gates.TryDequeue(out TaskCompletionSource? gate) && gate.TrySetResult();
        }
    }

    /// <summary>Lets the oldest call fail.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            _gates.Dequeue().SetException(new InvalidOperationException("The store fails."));
        }
    }

    private static IEnumerable<string> Describe(DecisionBatch batch)
    {
        foreach (BatchEntry entry in batch.Entries.ToArray())
        {
            for (PendingDecision? pending = entry.First; pending is not null; pending = pending.Next)
            {
                yield return string.Join('+', pending.Charges.ToArray().Select(charge => $"{charge.Partition}:{charge.Cost}"));
            }
        }
    }
}
