namespace OpenClaw.Edge.Options;

/// <summary>Rules that are kept in Redis and override configuration, for every replica at once.</summary>
internal sealed class RedisRulesOptions
{
    /// <summary>Longest interval: it leaves half of the second for reading the document and putting it in force.</summary>
    public static readonly TimeSpan SlowestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether to look for them. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The Redis key: a hash with the fields <c>version</c> and <c>document</c>. Default <c>openclaw:edge:rules</c>.</summary>
    public string Key { get; set; } = "openclaw:edge:rules";

    /// <summary>How often the version is read, 100 ms to 500 ms, so that a write is in force within a second. Default 500 ms.</summary>
    public TimeSpan PollInterval { get; set; } = SlowestPoll;
}
