using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Events;

/// <summary>Reports changes that operators make to a client's buckets.</summary>
internal sealed class OperatorEvents(EventQueue queue, EdgeRulesStore rules, TimeProvider time, IOptions<EdgeOptions> options)
{
    // Within this time, an event sent again after a lost reply is not appended twice.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly string _replica = options.Value.Limiter.ReplicaName;

    /// <summary>Reports a change of a client's or an address's buckets.</summary>
    /// <param name="change">Type, policy, amount, operator and reason.</param>
    /// <param name="client">Id of a known client; null for another subject.</param>
    /// <param name="address">An address as <see cref="ClientAddress"/> writes it; null for another subject.</param>
    /// <param name="partition">A partition; null for another subject.</param>
    public void Report(EdgeEvent change, string? client, string? address, string? partition)
    {
        EventSubject? subject = client is not null ? EventSubject.Of(client, rules.Current.Clients)
            : address is not null ? EventSubject.OfAddress(address)
            : EventSubject.OfPartition(partition ?? "", rules.Current.Clients);
        queue.TryAdd(new PendingEvent($"operator/{Guid.CreateVersion7():N}", Window, change with
        {
            Client = subject?.Client,
            Address = subject?.Address,
            Route = subject?.Route,
            Tier = subject?.Tier,
            Contacts = subject?.Contacts,
            Time = time.GetUtcNow(),
            Replica = _replica,
        }));
    }
}
