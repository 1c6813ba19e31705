using System.Net;
using System.Net.Sockets;

namespace OpenClaw.TestServers;

/// <summary>Free ports on the loopback address.</summary>
public static class LoopbackPort
{
    /// <summary>How far above its client port a Redis Cluster node listens for its peers.</summary>
    internal const int ClusterBusOffset = 10_000;

    /// <summary>An unused port, below the range that the system hands to outgoing connections, so that it stays free until it is used.
    /// The port that a cluster node would use for its bus is free as well.</summary>
    public static int Free()
    {
        while (true)
        {
            int port = Random.Shared.Next(11_000, 21_000);
            if (IsFree(port) && IsFree(port + ClusterBusOffset))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
