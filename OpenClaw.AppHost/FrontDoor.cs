namespace OpenClaw.AppHost;

/// <summary>One entry on the dashboard for all replicas of the edge, with their common address, admin API and commands.</summary>
internal sealed class FrontDoor(string name) : Resource(name);
