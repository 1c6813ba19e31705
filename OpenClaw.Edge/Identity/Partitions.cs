namespace OpenClaw.Edge.Identity;

/// <summary>Names of partitions. The first letter says what kind of identity it is, so that no two kinds can share a bucket; what follows
/// consists of letters, digits and <c>. : / - _</c> only, so that no request can reach another Redis key.</summary>
internal static class Partitions
{
    public const string Global = "g:";

    public const string AddressPrefix = "a:";

    public const string UnknownKeyPrefix = "k:";

    public const string HeaderPrefix = "h:";

    public static string OfClient(string id) => "c:" + id;

    /// <summary>Begins the partitions of a tier that has an address bucket of its own.</summary>
    public static string TierAddressPrefix(string tier) => $"t:{tier}:";

    public static string OfRoute(string routeId) => "r:" + routeId;
}
