using System.Text.Json.Serialization;

namespace OpenClaw.Edge.Rules;

/// <summary>Metadata of a version of the rules document.</summary>
/// <param name="At">When it was written, or first seen.</param>
/// <param name="Bytes">Size of the document.</param>
/// <param name="Operator">The operator who wrote it; null if it was not written through the admin API.</param>
/// <param name="Reason">The reason that the operator gave; null for none.</param>
internal sealed record RulesChange(DateTimeOffset At, long Bytes, string? Operator = null, string? Reason = null)
{
    /// <summary>The version. It is the key under which the metadata is stored, not a part of it.</summary>
    [JsonIgnore]
    public string Version { get; init; } = "";
}
