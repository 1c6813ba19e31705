using System.Net;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Identity;

/// <summary>The sender of a request.</summary>
/// <param name="RemoteAddress">The client's address in full.</param>
/// <param name="Address">The same, reduced to the part that identifies one client.</param>
/// <param name="AddressPartition">Partition of that address.</param>
/// <param name="ClientPartition">Partition of the client: by its id, by its unknown key where that is accepted, else by its
/// address.</param>
/// <param name="Client">The known client whose key the request carries; null when there is none.</param>
/// <param name="HasUnknownKey">Whether the request carries a key that belongs to no client.</param>
internal readonly record struct RequestIdentity(
    IPAddress RemoteAddress, ClientAddress Address, string AddressPartition, string ClientPartition, Client? Client, bool HasUnknownKey)
{
    /// <summary>A sender at an address, with the key of a known client or without a key.</summary>
    public static RequestIdentity Of(IPAddress remoteAddress, ClientAddress address, Client? client)
    {
        string partition = PartitionNames.AddressPrefix + address;
        return new RequestIdentity(remoteAddress, address, partition, client?.Partition ?? partition, client, HasUnknownKey: false);
    }
}
