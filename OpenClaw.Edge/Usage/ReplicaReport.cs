namespace OpenClaw.Edge.Usage;

/// <summary>Report of a replica, sent once a second.</summary>
/// <param name="Name">The replica.</param>
/// <param name="At">When the report was made.</param>
/// <param name="StartedAt">When the replica started.</param>
/// <param name="Circuit"><c>closed</c>, <c>halfOpen</c> or <c>open</c>.</param>
/// <param name="Policies">Policies with decisions in the last hour.</param>
/// <param name="Sources">Decisions by source in the last minute.</param>
/// <param name="DeniedMinute">Top clients by denials in the last minute.</param>
/// <param name="DeniedHour">The same in the last hour.</param>
/// <param name="AdmittedMinute">Top clients by admissions in the last minute.</param>
/// <param name="AdmittedHour">The same in the last hour.</param>
/// <param name="Reason">Why Redis does not decide; null while the circuit is closed.</param>
/// <param name="RulesVersion">Version of the rules document in force; null when there is none.</param>
internal sealed record ReplicaReport(
    string Name,
    DateTimeOffset At,
    DateTimeOffset StartedAt,
    string Circuit,
    Dictionary<string, PolicyReport> Policies,
    long[] Sources,
    ReplicaTopClients DeniedMinute,
    ReplicaTopClients DeniedHour,
    ReplicaTopClients AdmittedMinute,
    ReplicaTopClients AdmittedHour,
    string? Reason = null,
    string? RulesVersion = null);
