namespace OpenClaw.Edge.Options;

/// <summary>Who is told of a client's events. Secrets do not belong here: the notifier derives each webhook's secret.</summary>
internal sealed class ContactOptions
{
    /// <summary>E-mail addresses, up to 10. Default none.</summary>
    public List<string> Emails { get; set; } = [];

    /// <summary>Absolute https or http URL, up to 500 characters. Empty (default): none.</summary>
    public string Webhook { get; set; } = "";
}
