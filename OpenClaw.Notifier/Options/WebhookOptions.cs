using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>Webhooks: signatures, limits and allowed networks.</summary>
internal sealed class WebhookOptions
{
    /// <summary>Shortest signing key, in characters.</summary>
    public const int MinKeyLength = 32;

    /// <summary>Master keys, newest first, up to 5, at least <see cref="MinKeyLength"/> characters each. Every receiver's secret is derived
    /// from them, and a message has a signature for each. Default none: webhooks are not sent.</summary>
    public List<string> SigningKeys { get; set; } = [];

    /// <summary>Whether <c>http</c> addresses are allowed as well. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Networks, or addresses, that webhooks may reach although they are not public. Default none.</summary>
    public List<string> AllowedNetworks { get; set; } = [];

    /// <summary>Time for one attempt, connecting included, 100 ms to 2 min. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Receivers that are sent to at the same time, by each replica, 1 to 1,000. Default 32.</summary>
    [Range(1, 1_000)]
    public int MaxReceivers { get; set; } = 32;

    /// <summary>Requests to one receiver at the same time, of all replicas, 1 to 100. Default 4.</summary>
    [Range(1, 100)]
    public int MaxPerReceiver { get; set; } = 4;
}
