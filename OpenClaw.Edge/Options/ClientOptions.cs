namespace OpenClaw.Edge.Options;

/// <summary>Settings of a known client.</summary>
internal sealed class ClientOptions
{
    /// <summary>HMAC-SHA-256 of each of the client's keys under the pepper, 64 hexadecimal digits. Use several to rotate keys.</summary>
    public List<string> KeyHashes { get; set; } = [];

    /// <summary>The client's tier. Empty: the policies' own limits.</summary>
    public string Tier { get; set; } = "";

    /// <summary>False refuses the client's requests with 403. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Contacts to notify of the client's events.</summary>
    public ContactOptions Contacts { get; set; } = new();
}
