namespace OpenClaw.Edge.Policies;

/// <summary>Names of partitions. The first letter is the kind of partition, so that two kinds never share a bucket. The rest has only
/// letters, digits and <c>. : / - _</c>, so that no request can reach another Redis key.</summary>
internal static class PartitionNames
{
    public const string Global = "g:";

    public const string AddressPrefix = "a:";

    public const string UnknownKeyPrefix = "k:";

    public const string HeaderPrefix = "h:";

    private const string ClientPrefix = "c:";

    private const string TierPrefix = "t:";

    private const string RoutePrefix = "r:";

    public static string OfClient(string id) => ClientPrefix + id;

    /// <summary>Whether the owner is known by a hash only, of an unknown key or of a header's value.</summary>
    public static bool IsPseudonym(string partition) => partition[0] is 'k' or 'h';

    /// <summary>Whether the owner is an address, with or without a tier.</summary>
    public static bool IsAddress(string partition) => partition[0] is 'a' or 't';

    /// <summary>The client id in a partition name; null for other kinds.</summary>
    public static string? ClientIdOf(string partition) =>
        partition.StartsWith(ClientPrefix, StringComparison.Ordinal) ? partition[ClientPrefix.Length..] : null;

    /// <summary>The prefix of address partitions of a tier with its own address limits.</summary>
    public static string TierAddressPrefix(string tier) => $"{TierPrefix}{tier}:";

    /// <summary>The tier in an address partition of a tier; null for other kinds.</summary>
    public static string? TierOf(string partition) =>
        partition.StartsWith(TierPrefix, StringComparison.Ordinal) ? partition[TierPrefix.Length..].Split(':')[0] : null;

    public static string OfRoute(string routeId) => RoutePrefix + routeId;

    /// <summary>The route id in a partition name; null for other kinds.</summary>
    public static string? RouteOf(string partition) =>
        partition.StartsWith(RoutePrefix, StringComparison.Ordinal) ? partition[RoutePrefix.Length..] : null;
}
