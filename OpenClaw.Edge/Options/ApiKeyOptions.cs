namespace OpenClaw.Edge.Options;

/// <summary>Settings of API keys: where they are read, and what an unknown key means.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The setting that accepts unknown keys, as errors name it.</summary>
    public const string AcceptsUnknown = $"{EdgeOptions.Section}:ApiKeys:Unknown is {nameof(UnknownKey.Accept)}";

    /// <summary>Shortest pepper that is accepted, in characters.</summary>
    public const int MinPepperLength = 32;

    /// <summary>Request header that carries the key. Empty: none. Default <c>X-API-Key</c>.</summary>
    public string Header { get; set; } = "X-API-Key";

    /// <summary>Also take the key from <c>Authorization: Bearer</c>. Default false.</summary>
    public bool Bearer { get; set; }

    /// <summary>The meaning of a key that belongs to no client. Default <see cref="UnknownKey.Anonymous"/>.</summary>
    public UnknownKey Unknown { get; set; }

    /// <summary>Secret for hashing keys, at least 32 characters. Required where hashes are used: for known clients, for
    /// <see cref="UnknownKey.Accept"/> and for policies partitioned by a header.</summary>
    public string Pepper { get; set; } = "";
}
