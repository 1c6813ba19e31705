namespace OpenClaw.Edge.Options;

/// <summary>Settings of the admin API.</summary>
internal sealed class AdminOptions
{
    /// <summary>Shortest key that is accepted, in characters.</summary>
    public const int MinKeyLength = 32;

    /// <summary>Secret that every admin request carries as <c>Authorization: Bearer</c>. Empty (default): there is no admin API.</summary>
    public string Key { get; set; } = "";

    /// <summary>Earlier name of <c>OpenClaw:Management:Port</c>. Null (default): that one applies.</summary>
    public int? Port { get; set; }

    /// <summary>Earlier name of <c>OpenClaw:Management:Address</c>. Null (default): that one applies.</summary>
    public string? Address { get; set; }
}
