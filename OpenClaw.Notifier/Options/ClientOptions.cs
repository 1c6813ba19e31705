namespace OpenClaw.Notifier.Options;

/// <summary>Notices to clients, at the contacts in the rules.</summary>
internal sealed class ClientOptions
{
    /// <summary>Whether clients are notified. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Types of events to notify clients of. Default none, which means all.</summary>
    public List<string> Types { get; set; } = [];
}
