namespace OpenClaw.Console.Edge.Model;

/// <summary>Who is denied or admitted most: <c>GET /usage/top</c>.</summary>
public sealed record TopClients(string By, string Window, IReadOnlyList<TopClients.Entry> Clients)
{
    /// <summary>One client, address or other partition.</summary>
    /// <param name="ErrorAtMost">How much of <paramref name="Count"/> may belong to others.</param>
    public sealed record Entry(string Name, string Kind, string? Client, string? Address, string Policy, long Count, long ErrorAtMost);
}
