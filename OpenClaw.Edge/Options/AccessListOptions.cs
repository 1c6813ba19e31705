namespace OpenClaw.Edge.Options;

/// <summary>Entries of an access list.</summary>
internal sealed class AccessListOptions
{
    /// <summary>Networks (CIDR) and single addresses.</summary>
    public List<string> Networks { get; set; } = [];

    /// <summary>Ids of known clients.</summary>
    public List<string> Clients { get; set; } = [];
}
