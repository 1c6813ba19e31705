using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Connects to receivers. Resolves a name itself and connects to the very addresses that it has checked, so that a name that
/// resolves differently the next time gains nothing.</summary>
/// <param name="guard">Which addresses may be reached.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class GuardedConnection(AddressGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenAddressException">None of the name's addresses may be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint endpoint = context.DnsEndPoint;
        IPAddress[] addresses = await resolve(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(guard.Allows)];
        if (addresses.Length > 0 && allowed.Length == 0)
        {
            throw new ForbiddenAddressException(
                $"{endpoint.Host} is at {addresses[0]}, which is not public; Webhooks:AllowedNetworks names the networks that are allowed");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
