namespace OpenClaw.Notifier.Options;

/// <summary>Contacts of an operator, and the events sent to them.</summary>
internal sealed class OperatorOptions
{
    /// <summary>E-mail addresses, up to 20. Default none.</summary>
    public List<string> Emails { get; set; } = [];

    /// <summary>Address of a webhook. Default null: none.</summary>
    public string? Webhook { get; set; }

    /// <summary>Types of events to notify this operator of. Default none, which means all.</summary>
    public List<string> Types { get; set; } = [];
}
