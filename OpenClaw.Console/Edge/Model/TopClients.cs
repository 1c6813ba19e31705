namespace OpenClaw.Console.Edge.Model;

/// <summary>Clients with the most denials or admissions: <c>GET /usage/top</c>.</summary>
public sealed record TopClients(string By, string Window, IReadOnlyList<TopClients.Entry> Clients)
{
    /// <summary>One client, address or other partition.</summary>
    /// <param name="ErrorAtMost">Largest error of <paramref name="Count"/>.</param>
    public sealed record Entry(string Name, string Kind, string? Client, string? Address, string Policy, long Count, long ErrorAtMost);
}
