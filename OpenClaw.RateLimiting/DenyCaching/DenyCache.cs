using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.DenyCaching;

/// <summary>Remembers partitions that have too little to grant, and refuses for them until Redis could grant again. What others take meanwhile only makes that later, so a
/// refusal from here is one that Redis would give too; what could make it earlier (a refund, a reset, a lifted block) drops the entry on every replica.
/// Set-associative like a processor's cache: fixed memory, no locks, and an entry that finds no room replaces the one that ends first.</summary>
internal sealed class DenyCache : IBatchObserver
{
    // Redis is asked again at least this often, so that a step of its clock or a lost message cannot keep anyone out for long.
    private static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(10);

    private const int Ways = 8;
    private const int Stripes = 1024;

    private readonly TimeProvider _timeProvider;
    private readonly DenyEntry?[] _entries;
    private readonly int _ways;
    private readonly int _sets;

    // Counts what was dropped, by hash of the partition: an answer that was under way meanwhile may be older than the drop.
    private readonly int[] _drops = new int[Stripes];
    private volatile bool _enabled;

    public DenyCache(int capacity, TimeProvider timeProvider)
    {
        _ways = Math.Clamp(capacity, 1, Ways);
        _sets = capacity / _ways;
        _entries = new DenyEntry?[_sets * _ways];
        _timeProvider = timeProvider;
    }

    /// <summary>Whether refusals may come from memory: only while word of every change is sure to arrive.</summary>
    public bool IsEnabled => _enabled;

    /// <summary>Entries that still refuse. Looks at all of them.</summary>
    public int Count
    {
        get
        {
            long now = _timeProvider.GetTimestamp();
            return _entries.Count(entry => entry is not null && entry.EndsAt > now);
        }
    }

    /// <summary>Refuses when one of the charges is sure to be refused, and tells what Redis would of those that are. Allocates nothing.</summary>
    public bool TryDeny(ReadOnlySpan<Charge> charges, out RateLimitDecision decision)
    {
        decision = default;
        var denied = false;
        if (_enabled)
        {
            foreach (ref readonly Charge charge in charges)
            {
                PartitionKey key = new(charge);
                if (Find(key, Hash(key)) is not { } entry)
                {
                    continue;
                }

                if (!entry.Policy.HasSameLimits(charge.Policy))
                {
                    // From here on the buckets refill by other numbers.
                    Drop(key);
                }
                else if (entry.TryDeny(charge.Cost, _timeProvider, out RateLimitDecision denial))
                {
                    decision = denied ? Join(decision, denial) : denial;
                    denied = true;
                }
            }
        }

        return denied;
    }

    /// <summary>To be called before a batch is sent: what comes back is only trusted if nothing was dropped since.</summary>
    public void BeforeDecide(DecisionBatch batch)
    {
        if (_entries.Length == 0)
        {
            return;
        }

        foreach (BatchPartition partition in batch.Partitions)
        {
            partition.Drops = Volatile.Read(ref _drops[Stripe(Hash(partition.Key))]);
        }
    }

    /// <summary>Learns from a settled batch that was sent at <paramref name="sentAt"/> which partitions have nothing to grant.</summary>
    public void AfterDecide(DecisionBatch batch, long sentAt)
    {
        foreach (BatchPartition partition in batch.Partitions)
        {
            if (partition.Source != DecisionSource.Store || !_enabled)
            {
                continue;
            }

            if (partition.IsRaised)
            {
                Drop(partition.Key);
            }
            else if (DenyEntry.From(partition, sentAt, LongestTrust, _timeProvider) is { } entry)
            {
                Keep(entry, partition.Drops);
            }
            else
            {
                // What was known is still true, but no longer all: somebody was granted something since.
                Remove(partition.Key, Hash(partition.Key));
            }
        }
    }

    /// <summary>Forgets a partition, because it may have more than was known.</summary>
    public void Drop(in PartitionKey key)
    {
        if (_entries.Length == 0)
        {
            return;
        }

        int hash = Hash(key);
        Interlocked.Increment(ref _drops[Stripe(hash)]);
        Remove(key, hash);
    }

    /// <summary>Starts to refuse from memory what is learnt from now on.</summary>
    public void Enable()
    {
        DropAll();
        _enabled = _entries.Length > 0;
    }

    /// <summary>Forgets everything and asks Redis every time.</summary>
    public void Disable()
    {
        _enabled = false;
        DropAll();
    }

    // The first bucket that refused, and the longest wait.
    private static RateLimitDecision Join(in RateLimitDecision before, in RateLimitDecision next)
        => (before.RefusedBy is null && next.RefusedBy is not null ? next : before) with
        {
            BlockedFor = Durations.Longer(before.BlockedFor, next.BlockedFor),
            RetryAfter = Durations.Longer(before.RetryAfter, next.RetryAfter),
        };

    private void Remove(in PartitionKey key, int hash)
    {
        foreach (ref DenyEntry? slot in Set(hash))
        {
            if (Volatile.Read(ref slot) is { } entry && entry.Key == key)
            {
                Volatile.Write(ref slot, null);
            }
        }
    }

    private void DropAll()
    {
        for (var i = 0; i < Stripes; i++)
        {
            Interlocked.Increment(ref _drops[i]);
        }

        Array.Clear(_entries);
    }

    private void Keep(DenyEntry entry, int drops)
    {
        int hash = Hash(entry.Key);
        ref int drop = ref _drops[Stripe(hash)];
        if (Volatile.Read(ref drop) != drops)
        {
            return;
        }

        ref DenyEntry? victim = ref Set(hash)[0];
        foreach (ref DenyEntry? slot in Set(hash))
        {
            DenyEntry? known = Volatile.Read(ref slot);
            if (known is null || known.Key == entry.Key)
            {
                victim = ref slot;
                break;
            }

            if (known.EndsAt < (Volatile.Read(ref victim)?.EndsAt ?? 0))
            {
                victim = ref slot;
            }
        }

        Interlocked.Exchange(ref victim, entry);

        // A drop that came in between may have looked before the entry was there.
        if (Volatile.Read(ref drop) != drops)
        {
            Interlocked.CompareExchange(ref victim, null, entry);
        }
    }

    private DenyEntry? Find(in PartitionKey key, int hash)
    {
        foreach (ref DenyEntry? slot in Set(hash))
        {
            if (Volatile.Read(ref slot) is { } entry && entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    // By the high bits of the hash, since its stripe goes by the low ones.
    private Span<DenyEntry?> Set(int hash) => _entries.AsSpan((int)(((ulong)(uint)hash * (uint)_sets) >> 32) * _ways, _ways);

    private static int Stripe(int hash) => hash & (Stripes - 1);

    private static int Hash(in PartitionKey key) => HashCode.Combine(key.Policy, key.Partition);
}
