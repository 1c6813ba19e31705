namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Reads of the fake edge that are not answered yet.</summary>
public sealed class HeldReads
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when there is a read.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Answers these reads and later ones.</summary>
    public void Release() => _released.SetResult();

    internal Task WaitAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
