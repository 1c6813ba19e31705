using OpenClaw.EdgeBench.Load;

namespace OpenClaw.EdgeBench.Measurements;

/// <param name="Name">As the report calls it.</param>
/// <param name="Users">What the users saw.</param>
/// <param name="CpuPerRequest">Processor time of the edge.</param>
/// <param name="ComputedAdmissions">capacity + rate × duration; null where nothing is refused.</param>
internal sealed record ScenarioResult(string Name, UsersResult Users, TimeSpan CpuPerRequest, double? ComputedAdmissions);
