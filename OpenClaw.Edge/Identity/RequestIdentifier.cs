using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Identity;

/// <summary>Identifies the sender of a request by its address and its API key. <see cref="TrustedProxies"/> decides on the
/// address.</summary>
internal sealed class RequestIdentifier
{
    private const string BearerPrefix = "Bearer ";

    private readonly TrustedProxies _trustedProxies;
    private readonly int _ipv6PrefixLength;
    private readonly string? _keyHeader;
    private readonly bool _bearer;
    private readonly UnknownKey _unknownKey;
    private readonly KeyHasher _hasher;
    private readonly AddressPartitions _addressPartitions = new();

    public RequestIdentifier(TrustedProxies trustedProxies, IOptions<EdgeOptions> options, KeyHasher hasher)
    {
        _trustedProxies = trustedProxies;
        _ipv6PrefixLength = options.Value.ClientAddress.IPv6PrefixLength;

        ApiKeyOptions keys = options.Value.ApiKeys;
        _keyHeader = keys.Header.Length == 0 ? null : keys.Header;
        _bearer = keys.Bearer;
        _unknownKey = keys.Unknown;
        _hasher = hasher;
    }

    /// <summary>The address, without reading keys.</summary>
    public ClientAddress AddressOf(HttpContext context) => ClientAddress.From(_trustedProxies.SenderOf(context), _ipv6PrefixLength);

    public RequestIdentity Identify(HttpContext context, ClientRegistry clients)
    {
        IPAddress remote = _trustedProxies.SenderOf(context);
        ClientAddress address = ClientAddress.From(remote, _ipv6PrefixLength);
        string addressPartition = _addressPartitions.Of(PartitionNames.AddressPrefix, address);
        bool hasKey = TryGetKey(context.Request.Headers, out string? key);
        if (!hasKey)
        {
            return new RequestIdentity(remote, address, addressPartition, addressPartition, null, HasUnknownKey: false);
        }

        if (key is null || !KeyHasher.IsWellFormed(key))
        {
            return new RequestIdentity(remote, address, addressPartition, addressPartition, null, HasUnknownKey: true);
        }

        Span<byte> hash = stackalloc byte[KeyHasher.HashLength];
        _hasher.Hash(key, hash);
        if (clients.FindByHash(hash) is { } client)
        {
            return new RequestIdentity(remote, address, addressPartition, client.Partition, client, HasUnknownKey: false);
        }

        string partition = _unknownKey == UnknownKey.Accept
            ? KeyHasher.PseudonymOf(PartitionNames.UnknownKeyPrefix, hash)
            : addressPartition;
        return new RequestIdentity(remote, address, addressPartition, partition, null, HasUnknownKey: true);
    }

    /// <summary>Returns whether the request carries a key. Two keys are ambiguous and match no client: true, with a null key.</summary>
    private bool TryGetKey(IHeaderDictionary headers, out string? key)
    {
        key = null;
        bool found = false;
        if (_keyHeader is not null && headers.TryGetValue(_keyHeader, out StringValues values) && values.Count > 0)
        {
            found = true;
            key = values.Count == 1 ? values[0] : null;
        }

        if (_bearer && headers.Authorization is { Count: > 0 } authorization
            && authorization[0] is { } credentials && credentials.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            key = found || authorization.Count > 1 ? null : credentials[BearerPrefix.Length..];
            found = true;
        }

        return found;
    }
}
