using System.Diagnostics;

namespace OpenClaw.TestServers;

/// <summary>Waits, for a limited time, for an effect of another process.</summary>
public static class Poll
{
    /// <summary>Asks <paramref name="condition"/> every 10 ms until it holds. Failures count as "not yet".</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="limit"/>; names <paramref name="what"/> and the last
    /// failure.</exception>
    public static Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition, TimeSpan limit) =>
        UntilAsync(() => what, condition, limit);

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, TimeSpan)"/>
    public static Task<TimeSpan> UntilAsync(string what, Func<bool> condition, TimeSpan limit) => UntilAsync(() => what, condition, limit);

    /// <summary>The same for what is best told together with how it stood at the end.</summary>
    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, TimeSpan)"/>
    public static Task<TimeSpan> UntilAsync(Func<string> what, Func<bool> condition, TimeSpan limit) =>
        UntilAsync(what, () => Task.FromResult(condition()), limit);

    private static async Task<TimeSpan> UntilAsync(Func<string> what, Func<Task<bool>> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        Exception? last = null;
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return Stopwatch.GetElapsedTime(start);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                last = exception;
            }

            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what()}.", last);
            }

            await Task.Delay(10);
        }
    }
}
