namespace OpenClaw.Edge.Telemetry;

/// <summary>Values of the metrics tag <c>result</c>.</summary>
internal static class Outcomes
{
    /// <summary>Within the limit, forwarded.</summary>
    public const string Allowed = "allowed";

    /// <summary>429, a bucket had too few tokens.</summary>
    public const string Limited = "limited";

    /// <summary>429, blocked by an operator.</summary>
    public const string Blocked = "blocked";

    /// <summary>503, Redis cannot decide and the policy fails closed.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>401, unknown key.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>403, on the deny list or disabled.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>On the allow list, forwarded without a limit.</summary>
    public const string Exempt = "exempt";

    /// <summary>503, shed: the edge's limit of requests in flight is reached.</summary>
    public const string EdgeFull = "edge_full";

    /// <summary>429, shed: the limit of requests in flight per address is reached.</summary>
    public const string AddressFull = "address_full";
}
