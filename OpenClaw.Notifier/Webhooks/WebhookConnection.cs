using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Connects to receivers. It resolves the name itself and connects only to the addresses that it has checked, so that a name
/// cannot resolve to another address between check and connection (DNS rebinding).</summary>
/// <param name="allowed">The addresses that may be reached.</param>
/// <param name="resolve">Resolves a name.</param>
internal sealed class WebhookConnection(AllowedAddresses allowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenAddressException">None of the name's addresses is allowed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint endpoint = context.DnsEndPoint;
        IPAddress[] addresses = await resolve(endpoint.Host, cancellationToken);
        IPAddress[] reachable = [.. addresses.Where(allowed.Contains)];
        if (addresses.Length > 0 && reachable.Length == 0)
        {
            throw new ForbiddenAddressException(
                $"{endpoint.Host} is at {addresses[0]}, which is not public; Webhooks:AllowedNetworks lists further allowed networks");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
