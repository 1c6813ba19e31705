namespace OpenClaw.Notifier.Options;

/// <summary>Operators who are told of events, and where.</summary>
internal sealed class OperatorOptions
{
    /// <summary>E-mail addresses, up to 20. Default none.</summary>
    public List<string> Emails { get; set; } = [];

    /// <summary>Address of a webhook. Default null: none.</summary>
    public string? Webhook { get; set; }

    /// <summary>Types of events that they are told. Default none, which means all of them.</summary>
    public List<string> Types { get; set; } = [];
}
