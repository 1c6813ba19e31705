namespace OpenClaw.Edge.Options;

/// <summary>Tokens that a request takes from each bucket of its policy. A route's cost takes precedence over a method's, and that over the
/// default.</summary>
internal sealed class CostOptions
{
    /// <summary>0 to 1,000,000; 0 is free. Default 1.</summary>
    public long Default { get; set; } = 1;

    /// <summary>By request method: <c>{ "GET": 1, "POST": 5 }</c>.</summary>
    public Dictionary<string, long> Methods { get; set; } = [];

    /// <summary>By route id.</summary>
    public Dictionary<string, long> Routes { get; set; } = [];

    /// <summary>Response header in which the upstream states the real cost. It is removed from the response, and the difference to the cost
    /// already charged is charged or refunded. Empty (default): none.</summary>
    public string ResponseHeader { get; set; } = "";
}
