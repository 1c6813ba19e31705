namespace OpenClaw.Notifier.Options;

/// <summary>Settings of the notifier. All are read at start.</summary>
internal sealed class NotifierOptions
{
    public const string Section = "OpenClaw:Notifier";

    /// <summary>Name of this replica among the readers of the event stream, 1 to 128 visible ASCII characters, different for each replica.
    /// Default: machine and process.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The <c>source</c> of CloudEvents: a URI reference that names this deployment. Default <c>/openclaw</c>.</summary>
    public string Source { get; set; } = "/openclaw";

    /// <summary>Prefix of the Redis keys that notifier and edges share, 1 to 32 characters without braces and white space. The same as the
    /// edges' <c>ControlPlane:KeyPrefix</c>; with another one the notifier sees no events. Default <c>openclaw:</c>.</summary>
    public string KeyPrefix { get; set; } = "openclaw:";

    public EventOptions Events { get; set; } = new();

    public QueueOptions Queue { get; set; } = new();

    public RetryOptions Retry { get; set; } = new();

    public ClientOptions Clients { get; set; } = new();

    /// <summary>Operators by name. A name has 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Default none.</summary>
    public Dictionary<string, OperatorOptions> Operators { get; set; } = [];

    public WebhookOptions Webhooks { get; set; } = new();

    public EmailOptions Email { get; set; } = new();

    public RedisOptions Redis { get; set; } = new();
}
