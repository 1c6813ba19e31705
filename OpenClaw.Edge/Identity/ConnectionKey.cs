using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;

namespace OpenClaw.Edge.Identity;

/// <summary>The last key of a known client on one HTTP/1 connection, so that a client that keeps its connection has its key hashed once and not
/// with every request. It goes when the connection goes, or when the registry changes.</summary>
internal sealed class ConnectionKey(string key, ClientRegistry clients, Client client)
{
    private static readonly object Place = new();

    /// <summary>The client, if <paramref name="key"/> is the key that was remembered; compared in constant time.</summary>
    public static Client? Recall(HttpContext context, string key, ClientRegistry clients) =>
        ItemsOf(context) is { } items
        && items.TryGetValue(Place, out object? item) && item is ConnectionKey last && last.IsFor(key, clients)
            ? last.Owner
            : null;

    public static void Remember(HttpContext context, string key, ClientRegistry clients, Client client)
    {
        if (ItemsOf(context) is { } items)
        {
            items[Place] = new ConnectionKey(key, clients, client);
        }
    }

    private Client Owner => client;

    private bool IsFor(string presented, ClientRegistry registry) =>
        clients == registry
        && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(presented.AsSpan()), MemoryMarshal.AsBytes(key.AsSpan()));

    /// <summary>Null for later versions of HTTP, whose requests use one connection at the same time.</summary>
    private static IDictionary<object, object?>? ItemsOf(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) ? context.Features.Get<IConnectionItemsFeature>()?.Items : null;
}
