namespace OpenClaw.Edge.Options;

/// <summary>Settings of the data that edges keep in Redis for operators: usage, events and the audit trail.</summary>
internal sealed class ControlPlaneOptions
{
    /// <summary>Prefix of these keys, 1 to 32 characters without braces and white space. The notifier needs the same
    /// (<c>OpenClaw:Notifier:KeyPrefix</c>). Default <c>openclaw:</c>.</summary>
    public string KeyPrefix { get; set; } = "openclaw:";
}
