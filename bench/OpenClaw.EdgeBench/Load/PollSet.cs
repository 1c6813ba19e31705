using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Sockets that answers are expected on, by <c>ppoll</c>, whose timeout is precise enough for a constant rate.</summary>
internal sealed partial class PollSet
{
    private const short In = 1;
    private readonly Descriptor[] _descriptors;

    public PollSet(int count)
    {
        _descriptors = new Descriptor[count];
        Array.Fill(_descriptors, new Descriptor { Number = -1 });
    }

    public void Watch(int index, int descriptor) => _descriptors[index] = new Descriptor { Number = descriptor, Events = In };

    public void Ignore(int index) => _descriptors[index] = new Descriptor { Number = -1 };

    public bool IsWatched(int index) => _descriptors[index].Number >= 0;

    /// <summary>Whether the last <see cref="Wait"/> found something to read, an end or an error.</summary>
    public bool IsReady(int index) => _descriptors[index].Found != 0;

    /// <param name="timeout">In units of <see cref="Stopwatch.Frequency"/>.</param>
    /// <returns>False when nothing arrived in time.</returns>
    public unsafe bool Wait(long timeout)
    {
        long nanoseconds = (long)(Math.Max(0, timeout) * (1e9 / Stopwatch.Frequency));
        Timeout limit = new() { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        fixed (Descriptor* descriptors = _descriptors)
        {
            return Poll(descriptors, (nuint)_descriptors.Length, &limit, null) > 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static unsafe partial int Poll(Descriptor* descriptors, nuint count, Timeout* timeout, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Events;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timeout
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
