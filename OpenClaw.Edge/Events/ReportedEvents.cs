namespace OpenClaw.Edge.Events;

/// <summary>Remembers which events need not be sent to Redis again in their window. The number of slots is fixed and a new event overwrites
/// the one in its slot: an event that was forgotten is sent again, and Redis does not append it twice. Safe for concurrent use.</summary>
internal sealed class ReportedEvents(TimeProvider time)
{
    private const int Slots = 16_384;

    private Entry?[]? _entries;

    /// <summary>Whether an event need not be sent. Does not allocate.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="bucket">The bucket; empty for denials.</param>
    /// <param name="subject">Owner of the bucket.</param>
    /// <param name="threshold">The threshold; 0 for denials.</param>
    public bool Contains(string policy, string bucket, string subject, int threshold) =>
        Volatile.Read(ref _entries) is { } entries
        && Volatile.Read(ref entries[SlotOf(policy, bucket, subject, threshold)]) is { } entry
        && entry.Threshold == threshold && entry.Subject == subject && entry.Policy == policy && entry.Bucket == bucket
        && time.GetTimestamp() < entry.Until;

    /// <summary>Records that an event need not be sent for a time; zero removes the record.</summary>
    public void Set(string policy, string bucket, string subject, int threshold, TimeSpan duration)
    {
        Entry?[] entries = Volatile.Read(ref _entries) ?? Allocate();
        long until = time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(
            ref entries[SlotOf(policy, bucket, subject, threshold)], new Entry(policy, bucket, subject, threshold, until));
    }

    private static int SlotOf(string policy, string bucket, string subject, int threshold) =>
        (int)((uint)HashCode.Combine(policy.Length, bucket.GetHashCode(), subject.GetHashCode(), threshold) % Slots);

    private Entry?[] Allocate()
    {
        Entry?[] entries = new Entry?[Slots];
        return Interlocked.CompareExchange(ref _entries, entries, null) ?? entries;
    }

    private sealed record Entry(string Policy, string Bucket, string Subject, int Threshold, long Until);
}
