using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>The lanes of a limiter: a fixed few for one server; for a cluster one for each slot that is in use, since a script call cannot reach into two.</summary>
internal sealed class LaneSet(Func<int, Lane> newLane, int count, ClusterSlots? slots)
{
    private readonly Lane[] _lanes = [.. Enumerable.Range(0, count).Select(_ => newLane(-1))];
    private Lane?[]? _slotLanes;

    /// <summary>The lane of a decision; always the same one for the same first partition, so that these are decided in order of arrival. A later charge's partition may
    /// come through several lanes: Redis decides one call after the other.</summary>
    public Lane Of(ReadOnlySpan<Charge> charges)
        => slots is { Exist: true } ? OfSlot(slots.Of(charges[0])) : _lanes[(uint)charges[0].Partition.GetHashCode() % (uint)_lanes.Length];

    /// <summary>Whether the charges live in several slots of a cluster.</summary>
    public bool SpanSlots(ReadOnlySpan<Charge> charges)
    {
        if (slots is not { Exist: true })
        {
            return false;
        }

        int first = slots.Of(charges[0]);
        foreach (ref readonly Charge charge in charges[1..])
        {
            if (slots.Of(charge) != first)
            {
                return true;
            }
        }

        return false;
    }

    private Lane OfSlot(int slot)
    {
        Lane?[] lanes = Volatile.Read(ref _slotLanes)
            ?? Interlocked.CompareExchange(ref _slotLanes, new Lane?[ClusterSlots.Count], null)
            ?? _slotLanes;
        return Volatile.Read(ref lanes[slot])
            ?? Interlocked.CompareExchange(ref lanes[slot], newLane(slot), null)
            ?? lanes[slot]!;
    }
}
