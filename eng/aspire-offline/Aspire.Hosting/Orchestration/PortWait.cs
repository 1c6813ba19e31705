using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Waits for a port that somebody else listens on: what an earlier run left behind may be about to go.</summary>
internal static partial class PortWait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="port">A port of the loopback address.</param>
    /// <param name="user">What is to listen there, as it is put to the user.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="logger">Told at once that there is something to wait for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DistributedApplicationException">The port did not become free.</exception>
    public static async Task UntilFreeAsync(int port, string user, TimeSpan patience, ILogger logger, CancellationToken cancellationToken)
    {
        if (IsFree(port))
        {
            return;
        }

        LogTaken(logger, port, user, patience.TotalSeconds);
        var time = Stopwatch.StartNew();
        do
        {
            if (time.Elapsed >= patience)
            {
                throw new DistributedApplicationException(
                    string.Create(CultureInfo.InvariantCulture, $"Port {port} is in use, and {user} needs it: stop what listens there, or choose another port."));
            }

            await Task.Delay(100, cancellationToken);
        }
        while (!IsFree(port));
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException error)
        {
            // Anything else is for who opens it to say.
            return error.SocketErrorCode != SocketError.AddressAlreadyInUse;
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Port {Port} is in use, and {User} needs it: waiting at most {Seconds} s.")]
    private static partial void LogTaken(ILogger logger, int port, string user, double seconds);
}
