using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.DenyCaching;

/// <summary>Caches denials until Redis could grant again. Other charges can only postpone that time, so Redis would make the same denial. A
/// refund, a reset or a lifted block could bring it forward; the entry is then dropped on every replica. Set-associative like a processor
/// cache: fixed memory, no locks; in a full set a new entry replaces the one that ends first.</summary>
internal sealed class DenyCache : IBatchObserver
{
    // Limits the effect of a clock step in Redis, or of a lost message.
    private static readonly TimeSpan MaxEntryLifetime = TimeSpan.FromSeconds(10);

    private const int Ways = 8;
    private const int Stripes = 1024;

    private readonly TimeProvider _timeProvider;
    private readonly DenyEntry?[] _entries;
    private readonly int _ways;
    private readonly int _sets;

    // Number of drops, by hash of the partition. A reply to a call sent before a drop may be outdated.
    private readonly int[] _drops = new int[Stripes];
    private volatile bool _enabled;

    public DenyCache(int capacity, TimeProvider timeProvider)
    {
        _ways = Math.Clamp(capacity, 1, Ways);
        _sets = capacity / _ways;
        _entries = new DenyEntry?[_sets * _ways];
        _timeProvider = timeProvider;
    }

    /// <summary>Whether the cache is in use. It is only while messages about changes arrive.</summary>
    public bool IsEnabled => _enabled;

    /// <summary>Number of entries that still deny. Scans the whole cache.</summary>
    public int Count
    {
        get
        {
            long now = _timeProvider.GetTimestamp();
            return _entries.Count(entry => entry is not null && entry.EndsAt > now);
        }
    }

    /// <summary>Denies if Redis would certainly deny one of the charges, with the state that Redis would report. Allocates
    /// nothing.</summary>
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
                    // The limits have changed: the buckets refill at another rate.
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

    /// <summary>Records the drop counts. A reply is cached only if nothing was dropped since.</summary>
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

    /// <summary>Caches the partitions of the batch that have too few tokens.</summary>
    public void AfterDecide(DecisionBatch batch, long sentAt)
    {
        foreach (BatchPartition partition in batch.Partitions)
        {
            if (partition.Source != DecisionSource.Store || !_enabled)
            {
                continue;
            }

            if (partition.MayGrantEarlier)
            {
                Drop(partition.Key);
            }
            else if (DenyEntry.From(partition, sentAt, MaxEntryLifetime, _timeProvider) is { } entry)
            {
                Keep(entry, partition.Drops);
            }
            else
            {
                // The entry still denies, but it is out of date: tokens were granted since.
                Remove(partition.Key, Hash(partition.Key));
            }
        }
    }

    /// <summary>Drops a partition that may have gained tokens.</summary>
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

    /// <summary>Starts to cache, from an empty cache.</summary>
    public void Enable()
    {
        DropAll();
        _enabled = _entries.Length > 0;
    }

    /// <summary>Empties the cache and stops using it: every decision asks Redis.</summary>
    public void Disable()
    {
        _enabled = false;
        DropAll();
    }

    // Combines two denials: the first bucket with too few tokens, and the longer wait.
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

        // A drop between the check and the exchange missed the entry.
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

    // Uses the high bits of the hash, since the stripe uses the low ones.
    private Span<DenyEntry?> Set(int hash) => _entries.AsSpan((int)(((ulong)(uint)hash * (uint)_sets) >> 32) * _ways, _ways);

    private static int Stripe(int hash) => hash & (Stripes - 1);

    private static int Hash(in PartitionKey key) => HashCode.Combine(key.Policy, key.Partition);
}
