namespace OpenClaw.EdgeBench.Servers;

/// <summary>Servers that are stopped together.</summary>
internal sealed class ServerGroup : IDisposable
{
    private readonly List<Server> _servers = [];

    /// <returns>The same server.</returns>
    public Server Add(Server server)
    {
        _servers.Add(server);
        return server;
    }

    public void Dispose()
    {
        // All are stopped first and awaited afterwards, since some take a second to end.
        foreach (Server server in _servers)
        {
            server.AskToStop();
        }

        foreach (Server server in _servers)
        {
            server.Dispose();
        }
    }
}
