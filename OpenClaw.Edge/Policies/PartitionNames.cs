namespace OpenClaw.Edge.Policies;

/// <summary>Names of partitions. The first letter says what kind of identity it is, so that no two kinds can share a bucket; what follows
/// consists of letters, digits and <c>. : / - _</c> only, so that no request can reach another Redis key.</summary>
internal static class PartitionNames
{
    public const string Global = "g:";

    public const string AddressPrefix = "a:";

    public const string UnknownKeyPrefix = "k:";

    public const string HeaderPrefix = "h:";

    private const string ClientPrefix = "c:";

    private const string TierPrefix = "t:";

    public static string OfClient(string id) => ClientPrefix + id;

    /// <summary>The id in a partition of a known client; null in any other.</summary>
    public static string? ClientIdOf(string partition) =>
        partition.StartsWith(ClientPrefix, StringComparison.Ordinal) ? partition[ClientPrefix.Length..] : null;

    /// <summary>Begins the partitions of a tier that has an address bucket of its own.</summary>
    public static string TierAddressPrefix(string tier) => $"{TierPrefix}{tier}:";

    /// <summary>The tier in a partition of an address bucket of its own; null in any other.</summary>
    public static string? TierOf(string partition) =>
        partition.StartsWith(TierPrefix, StringComparison.Ordinal) ? partition[TierPrefix.Length..].Split(':')[0] : null;

    public static string OfRoute(string routeId) => "r:" + routeId;
}
