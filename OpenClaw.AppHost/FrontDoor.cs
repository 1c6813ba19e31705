namespace OpenClaw.AppHost;

/// <summary>What the replicas of the edge have in common, as one entry on the dashboard above them: address, admin API and
/// commands.</summary>
internal sealed class FrontDoor(string name) : Resource(name);
