using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Reads ports and makes sure that they are distinct and free.</summary>
internal sealed class PortSettings(IConfiguration configuration, List<string> errors)
{
    private readonly Dictionary<int, string> _taken = [];

    /// <summary>Reads a port. Adds an error when it is invalid, used by another setting, or already in use.</summary>
    public int Read(string name, int otherwise)
    {
        var text = configuration[name];
        var port = otherwise;
        if (!string.IsNullOrEmpty(text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is >= IPEndPoint.MinPort + 1 and <= IPEndPoint.MaxPort))
        {
            errors.Add($"{name} is '{text}'; it must be a port, 1 to 65535, or unset for {otherwise}.");
            return otherwise;
        }

        if (!_taken.TryAdd(port, name))
        {
            errors.Add($"{name} is {port}, and so is {_taken[port]}; each needs a port of its own.");
        }
        else if (!configuration.GetValue<bool>("DcpPublisher:RandomizePorts") && !IsFree(port))
        {
            errors.Add($"{name} is {port}, and another program listens on that port already: stop it, or set {name} to a free port.");
        }

        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException)
        {
            // This process may not open it; the orchestrator may.
            return true;
        }
    }
}
