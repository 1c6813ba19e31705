namespace OpenClaw.Console.Live;

/// <summary>Waits between attempts: half a second, then twice as long each time up to ten seconds, each ± 20 %.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;

    /// <summary>Restarts with the shortest wait.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits. Returns early, without an exception, when it is cancelled.</summary>
    public async Task WaitAsync(TimeProvider time, CancellationToken cancellation)
    {
        TimeSpan wait = _next * (0.8 + (0.4 * Random.Shared.NextDouble()));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
