using System.Numerics;
using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Fallback;

/// <summary>Fill levels of recent partitions as last reported by Redis: local shares start from them. A table of fixed size, in which a
/// partition has one slot and the latest partition takes it. Every decision writes to it, so a write is a few stores, without lock or
/// allocation.</summary>
internal sealed class FillLevelCache
{
    // A level is kept in 255ths of the capacity, rounded down, so that eight buckets fit one word and no token is gained.
    private const double Steps = byte.MaxValue;
    private const long Busy = -1;

    private readonly Slot[] _slots;

    /// <param name="size">Number of partitions, rounded up to a power of two. 32 bytes each.</param>
    public FillLevelCache(int size) => _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)size)];

    /// <summary>Stores the levels after a decision at <paramref name="now"/>, in microseconds.</summary>
    public void Remember(BatchPartition partition, long now)
    {
        ulong levels = 0;
        Span<long> deficits = partition.Deficits;
        for (var i = 0; i < deficits.Length; i++)
        {
            long capacity = partition.Numbers[i].Capacity;
            levels |= (ulong)(byte)(Steps * (capacity - deficits[i]) / capacity) << (8 * i);
        }

        long key = KeyOf(partition);
        ref Slot slot = ref SlotOf(key);
        if (Interlocked.Exchange(ref slot.Key, Busy) != Busy)
        {
            slot.Levels = levels;
            slot.SeenAt = now;
            slot.BlockedUntil = partition.BlockedFor > 0 ? now + partition.BlockedFor : 0;
            Volatile.Write(ref slot.Key, key);
        }
    }

    /// <summary>Lowers the levels of a partition to the stored ones, refilled since, and keeps it blocked if it was.</summary>
    /// <param name="into">Partition with the numbers of the local share, and its levels as of <paramref name="now"/>.</param>
    /// <param name="now">Time in microseconds.</param>
    /// <param name="since">Time of the share's last charge: its levels already include what was stored before.</param>
    public void Recall(BatchPartition into, long now, long since)
    {
        long key = KeyOf(into);
        ref Slot slot = ref SlotOf(key);
        if (Volatile.Read(ref slot.Key) != key)
        {
            return;
        }

        (ulong levels, long seenAt, long blockedUntil) = (slot.Levels, slot.SeenAt, slot.BlockedUntil);
        Interlocked.MemoryBarrier();
        if (slot.Key != key)
        {
            return;
        }

        into.BlockedFor = Math.Max(into.BlockedFor, blockedUntil - now);
        if (seenAt < since)
        {
            return;
        }

        Span<long> deficits = into.Deficits;
        for (var i = 0; i < deficits.Length; i++)
        {
            BucketArithmetic numbers = into.Numbers[i];
            var level = (byte)(levels >> (8 * i));
            var deficit = (long)Math.Ceiling((Steps - level) / Steps * numbers.Capacity);
            deficits[i] = Math.Max(deficits[i], numbers.Refill(Math.Min(deficit, numbers.Capacity), now - seenAt));
        }
    }

    private ref Slot SlotOf(long key) => ref _slots[(int)((ulong)(key * -7046029254386353131) >> 32) & (_slots.Length - 1)];

    // Hashes names only: when limits change, a level is still the same part of the capacity.
    // Partitions with equal keys share a slot. That is one pair in 2^32, and its worst effect is a local share that starts too low or too
    // high.
    private static long KeyOf(BatchPartition partition) => ((long)partition.Policy.NamesHash << 32) | (uint)partition.Name.GetHashCode();

    private struct Slot
    {
        public long Key;
        public ulong Levels;
        public long SeenAt;
        public long BlockedUntil;
    }
}
