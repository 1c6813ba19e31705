namespace OpenClaw.Edge.Options;

/// <summary>Contacts to notify of a client's events. They contain no secrets: the notifier derives each webhook's secret.</summary>
internal sealed class ContactOptions
{
    /// <summary>E-mail addresses, up to 10. Default none.</summary>
    public List<string> Emails { get; set; } = [];

    /// <summary>Absolute https or http URL, up to 500 characters. Empty (default): none.</summary>
    public string Webhook { get; set; } = "";
}
