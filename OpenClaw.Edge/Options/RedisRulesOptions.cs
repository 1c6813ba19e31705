using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of the rules document in Redis, which overrides the configuration on every replica.</summary>
internal sealed class RedisRulesOptions
{
    /// <summary>Longest poll interval. It leaves half a second to read and apply a document within one second.</summary>
    public static readonly TimeSpan SlowestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether to read the document. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The Redis key: a hash with the fields <c>version</c> and <c>document</c>. Default <c>openclaw:edge:rules</c>.</summary>
    public string Key { get; set; } = "openclaw:edge:rules";

    /// <summary>Interval at which the version is read, 100 ms to 500 ms, so that a write is in force within a second. Default 500
    /// ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:00.5")]
    public TimeSpan PollInterval { get; set; } = SlowestPoll;
}
