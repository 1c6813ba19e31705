using System.Text.Json.Serialization;

namespace OpenClaw.Edge.Rules;

/// <summary>Metadata of a version of the rules document.</summary>
/// <param name="At">When it was written, or first seen.</param>
/// <param name="Bytes">Size of the document.</param>
/// <param name="Operator">Who wrote it; null for one that was not written through the admin API.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
internal sealed record RulesChange(DateTimeOffset At, long Bytes, string? Operator = null, string? Reason = null)
{
    /// <summary>The version. It is the key under which the metadata is stored, not a part of it.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";
}
