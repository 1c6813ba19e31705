using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of the admin API.</summary>
internal sealed class AdminOptions
{
    /// <summary>Shortest key that is accepted, in characters.</summary>
    public const int MinKeyLength = 32;

    /// <summary>Secret that every admin request carries as <c>Authorization: Bearer</c>. Empty (default): there is no admin API.</summary>
    public string Key { get; set; } = "";

    /// <summary>Earlier name of <c>OpenClaw:Management:Port</c>. Null (default): that one applies.</summary>
    [Range(0, 65_535)]
    public int? Port { get; set; }

    /// <summary>Earlier name of <c>OpenClaw:Management:Address</c>. Null (default): that one applies.</summary>
    public string? Address { get; set; }

    /// <summary>Request header in which an authenticating proxy or the console names the operator. It counts only together with the key.
    /// Empty: none. Default <c>X-Operator</c>.</summary>
    public string OperatorHeader { get; set; } = "X-Operator";

    /// <summary>Most streams of server-sent events that are open at the same time, 1 to 10,000; further ones get 503. Default
    /// 100.</summary>
    [Range(1, 10_000)]
    public int MaxStreams { get; set; } = 100;
}
