namespace OpenClaw.Notifier.Options;

/// <summary>What clients are told at the contacts that the rules have for them.</summary>
internal sealed class ClientOptions
{
    /// <summary>Whether clients are told at all. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Types of events that they are told. Default none, which means all of them.</summary>
    public List<string> Types { get; set; } = [];
}
