using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Events;

/// <summary>Counts denials by client and policy over all replicas, and reports clients with many. Redis holds the sums. Each replica adds
/// its counts once a second, and those of addresses in larger steps, so that a flood of addresses creates no keys.</summary>
internal sealed class DenialEvents(
    EventQueue queue, ReportedEvents reported, AddressBudget addresses, EdgeRulesStore rules, IRateLimiterHealth health,
    EdgeMetrics metrics, IOptions<EdgeOptions> options)
    : IUsageObserver
{
    private const int MaxWaiting = 4_096;
    private const int MaxSentAtOnce = 64;
    private const int StepsOfAddress = 4;

    private readonly EventOptions _options = options.Value.Events;
    private readonly string _replica = options.Value.Limiter.ReplicaName;
    private readonly Dictionary<UsageKey, long> _waiting = [];
    private DateTimeOffset _since;

    /// <inheritdoc/>
    public void SecondPassed(DateTimeOffset now, UsageSlice second)
    {
        if (!queue.IsEnabled)
        {
            return;
        }

        if (now - _since >= _options.Window)
        {
            // Discards counts that stayed below one step for a whole window.
            _waiting.Clear();
            _since = now;
        }

        foreach ((UsageKey key, long count) in second.Denied.Counts)
        {
            if (_waiting.Count < MaxWaiting || _waiting.ContainsKey(key))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out _) += count;
            }
            else
            {
                metrics.CountEvents(EventTypes.Denied, appended: false);
            }
        }

        int sent = 0;
        foreach ((UsageKey key, long count) in _waiting.OrderByDescending(entry => entry.Value).ToList())
        {
            long needed = NeededOf(key.Policy);
            string subject = key.Subject.ToString();
            if (needed == 0 || reported.Contains(key.Policy, "", subject, 0))
            {
                _waiting.Remove(key);
            }
            else if (sent < MaxSentAtOnce && count >= StepOf(key, needed) && (key.Subject.IsClient || addresses.TryTake()))
            {
                sent++;
                if (queue.TryAdd(Of(key, subject, count, needed, now)))
                {
                    _waiting.Remove(key);
                }
            }
        }
    }

    private long NeededOf(string policy) =>
        rules.Current.PoliciesByName.GetValueOrDefault(policy)?.Denials ?? _options.Denials;

    private long StepOf(in UsageKey key, long needed) =>
        key.Subject.IsClient ? 1 : Math.Max(1, needed / (StepsOfAddress * Math.Max(1, health.Replicas)));

    private PendingEvent Of(UsageKey key, string name, long count, long needed, DateTimeOffset now)
    {
        EventSubject subject = EventSubject.Of(key.Subject, rules.Current.Clients);
        return new PendingEvent(
            $"denied/{key.Policy}/{subject.Id}",
            _options.Window,
            new EdgeEvent
            {
                Type = EventTypes.Denied,
                Time = now,
                Client = subject.Client,
                Address = subject.Address,
                Policy = key.Policy,
                Tier = subject.Tier,
                WindowSeconds = _options.Window.TotalSeconds,
                Replica = _replica,
                Contacts = subject.Contacts,
            })
        {
            Recurs = true,
            Denials = count,
            DenialsNeeded = needed,
            OnKnown = left =>
            {
                if (left > TimeSpan.Zero)
                {
                    reported.Set(key.Policy, "", name, 0, left);
                }
            },
        };
    }
}
