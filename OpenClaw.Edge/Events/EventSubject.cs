using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Usage;

namespace OpenClaw.Edge.Events;

/// <summary>The subject of an event: a known client, an address, a route, or all requests.</summary>
internal sealed record EventSubject
{
    /// <summary>Part of the event's id, safe in JSON.</summary>
    public required string Id { get; init; }

    public string? Client { get; init; }

    public string? Address { get; init; }

    public string? Route { get; init; }

    public string? Tier { get; init; }

    public Contacts? Contacts { get; init; }

    /// <summary>Whether the subject is an address. Anybody on the network can produce events about addresses.</summary>
    public bool IsAddress => Address is not null;

    /// <summary>A known client, with its current tier and contacts.</summary>
    public static EventSubject Of(string id, ClientRegistry clients)
    {
        Client? client = clients.FindById(id);
        return new EventSubject
        {
            Id = $"client/{id}",
            Client = id,
            Tier = client?.Tier?.Name,
            Contacts = client?.Contacts,
        };
    }

    /// <summary>A sender.</summary>
    public static EventSubject Of(UsageSubject sender, ClientRegistry clients) =>
        sender.Client is { } id ? Of(id, clients) : OfAddress(sender.Address.ToString());

    public static EventSubject OfAddress(string address, string? tier = null) => new()
    {
        Id = tier is null ? $"address/{address}" : $"address/{tier}/{address}",
        Address = address,
        Tier = tier,
    };

    /// <summary>The owner of a partition; null for pseudonyms, which identify no client.</summary>
    public static EventSubject? OfPartition(string partition, ClientRegistry clients)
    {
        if (PartitionNames.ClientIdOf(partition) is { } id)
        {
            return Of(id, clients);
        }

        if (PartitionNames.TierOf(partition) is { } tier)
        {
            return OfAddress(partition[PartitionNames.TierAddressPrefix(tier).Length..], tier);
        }

        return partition.StartsWith(PartitionNames.AddressPrefix, StringComparison.Ordinal)
                ? OfAddress(partition[PartitionNames.AddressPrefix.Length..])
            : partition == PartitionNames.Global ? new EventSubject { Id = "global" }
            : PartitionNames.RouteOf(partition) is { } route
                ? new EventSubject { Id = $"route/{Uri.EscapeDataString(route)}", Route = route }
            : null;
    }
}
