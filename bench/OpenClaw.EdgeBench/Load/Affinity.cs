using System.Runtime.InteropServices;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Settings of the current thread.</summary>
internal static partial class Affinity
{
    private const int SetTimerSlack = 29;

    /// <summary>Binds the current thread to a processor.</summary>
    /// <exception cref="InvalidOperationException">There is no such processor.</exception>
    public static unsafe void BindTo(int processor)
    {
        ulong mask = 1UL << processor;
        if (SetAffinity(0, sizeof(ulong), &mask) != 0)
        {
            throw new InvalidOperationException($"The load generator cannot be bound to processor {processor}.");
        }
    }

    /// <summary>Ends waits of the current thread on time instead of up to 50 µs late.</summary>
    public static void WakeOnTime() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static unsafe partial int SetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);
}
