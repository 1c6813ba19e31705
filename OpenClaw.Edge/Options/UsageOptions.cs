using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of usage: decisions by policy, and the clients with the most decisions.</summary>
internal sealed class UsageOptions
{
    /// <summary>Whether usage is recorded and reported to Redis. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Counters of clients in each time slice, 100 to 100,000. Counts are exact while no more clients are active. Each takes
    /// about 150 bytes in each of some 40 slices. Default 1,000.</summary>
    [Range(100, 100_000)]
    public int TrackedClients { get; set; } = 1_000;

    /// <summary>Clients that each replica reports to the others in each list of top clients, 10 to 1,000. Default 50.</summary>
    [Range(10, 1_000)]
    public int ReportedClients { get; set; } = 50;
}
