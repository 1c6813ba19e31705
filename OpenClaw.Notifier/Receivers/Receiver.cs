namespace OpenClaw.Notifier.Receivers;

/// <summary>Receiver of an event: one address on one channel.</summary>
/// <param name="Channel">One of <see cref="Receivers.Channel"/>.</param>
/// <param name="To">An e-mail address or the address of a webhook.</param>
/// <param name="Names">Names of the clients and operators at the address, such as <c>client/acme</c> or <c>operator/oncall</c>. Secrets of
/// webhooks are derived from them.</param>
internal sealed record Receiver(string Channel, string To, IReadOnlyList<string> Names)
{
    public const string ClientPrefix = "client/";
    public const string OperatorPrefix = "operator/";

    /// <summary>Whether only operators use the address. Operators see more than clients.</summary>
    public bool IsOperators => Names.Count > 0 && Names.All(name => name.StartsWith(OperatorPrefix, StringComparison.Ordinal));

    /// <summary>The receiver in the log, without its address.</summary>
    public string Label => Names.Count == 0 ? "a former receiver" : string.Join(", ", Names);

    /// <summary>The receiver's entry in the set of receivers that were notified of an event.</summary>
    public string Key => $"{Channel}:{To}";
}
