using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Overload;

/// <summary>Limits open connections per remote address; closes further ones before a byte is read. Otherwise one address could open all
/// connections, send nothing, and keep all others out. Forwarding headers are not considered. Connections from trusted proxies are not
/// counted, since many clients come through each. Limit them at the proxy.</summary>
internal sealed class ConnectionMiddleware : IDisposable
{
    private readonly PerAddressCounter _open;
    private readonly TrustedProxies _trustedProxies;
    private readonly int _ipv6PrefixLength;
    private readonly EdgeMetrics _metrics;
    private readonly ClosedConnectionLog _log;

    public ConnectionMiddleware(
        TrustedProxies trustedProxies, IOptions<EdgeOptions> options, EdgeMetrics metrics, TimeProvider time,
        ILogger<ConnectionMiddleware> logger)
    {
        OverloadOptions overload = options.Value.Overload;
        _open = new PerAddressCounter(overload.MaxConnections, overload.MaxConnectionsPerAddress);
        _trustedProxies = trustedProxies;
        _ipv6PrefixLength = options.Value.ClientAddress.IPv6PrefixLength;
        _metrics = metrics;
        _log = new ClosedConnectionLog(_open.Limit, time, logger);
    }

    /// <inheritdoc cref="PerAddressCounter.AddressCount"/>
    public int AddressCount => _open.AddressCount;

    /// <summary>Serves a connection, or closes it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">The rest of the connection pipeline.</param>
    public async Task InvokeAsync(BaseConnectionContext connection, Func<Task> next)
    {
        ClientAddress? counted = AddressOf(connection);
        if (counted is { } address && !_open.TryIncrement(address))
        {
            _metrics.CountShedConnection();
            _log.Warn(address);
            connection.Abort();
            return;
        }

        try
        {
            // A connection can stay open after it was served, when the client does not read the last response. It is closed here so that it
            // cannot outlive its count.
            await using (connection)
            {
                await next();
            }
        }
        finally
        {
            if (counted is { } holder)
            {
                _open.Decrement(holder);
            }
        }
    }

    /// <summary>Logs the connections that were only counted.</summary>
    public void Dispose() => _log.Dispose();

    /// <summary>The address to count; null for trusted proxies, and for Unix sockets, which have no address.</summary>
    private ClientAddress? AddressOf(BaseConnectionContext connection) =>
        connection.RemoteEndPoint is IPEndPoint { Address: { } remote } && !_trustedProxies.Contain(remote)
            ? ClientAddress.From(remote, _ipv6PrefixLength)
            : null;
}
