using OpenClaw.EdgeBench.Load;

namespace OpenClaw.EdgeBench.Measurements;

/// <param name="Name">Name in the report.</param>
/// <param name="Users">Responses to the users.</param>
/// <param name="CpuPerRequest">Processor time of the edge.</param>
/// <param name="ComputedAdmissions">capacity + rate × duration; null where nothing is refused.</param>
internal sealed record ScenarioResult(string Name, UsersResult Users, TimeSpan CpuPerRequest, double? ComputedAdmissions);
