using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Overload;

/// <summary>Closes a connection of an address that has its share of them open, before a byte of it is read: whoever opens all there are, and sends nothing, would keep
/// everybody else out. What counts is who is connected, whatever a header says. Trusted proxies may open all, since many clients come through each.</summary>
internal sealed class ConnectionMiddleware
{
    /// <summary>Whoever opens connections by the thousand shall not fill the log as well.</summary>
    private const int SecondsBetweenLines = 60;

    private readonly PerAddressCounter _open;
    private readonly NetworkSet _trustedProxies;
    private readonly int _ipv6PrefixLength;
    private readonly EdgeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _nextLine;

    public ConnectionMiddleware(IOptions<EdgeOptions> options, EdgeMetrics metrics, TimeProvider time, ILogger<ConnectionMiddleware> logger)
    {
        OverloadOptions overload = options.Value.Overload;
        ClientAddressOptions address = options.Value.ClientAddress;
        _open = new PerAddressCounter(overload.MaxConnections, overload.MaxConnectionsPerAddress);
        _trustedProxies = NetworkText.Compile(address.TrustedNetworks, EdgeOptions.Section, errors: []);
        _ipv6PrefixLength = address.IPv6PrefixLength;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc cref="PerAddressCounter.AddressCount"/>
    public int AddressCount => _open.AddressCount;

    /// <summary>Serves a connection, or closes it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">What serves it.</param>
    public async Task InvokeAsync(BaseConnectionContext connection, Func<Task> next)
    {
        ClientAddress? counted = AddressOf(connection);
        if (counted is { } address && !_open.TryIncrement(address))
        {
            _metrics.CountShedConnection();
            Tell(address);
            connection.Abort();
            return;
        }

        try
        {
            // Served is not yet closed: the last answers may wait forever for a client that does not read them. Kestrel's own count, around this one, would forget it as well.
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

    /// <summary>Whose share the connection is of; null for nobody's: a trusted proxy's, or a Unix socket's, which has no address.</summary>
    private ClientAddress? AddressOf(BaseConnectionContext connection) =>
        connection.RemoteEndPoint is IPEndPoint { Address: { } remote } && !_trustedProxies.Contains(remote) ? ClientAddress.From(remote, _ipv6PrefixLength) : null;

    private void Tell(ClientAddress address)
    {
        long now = _time.GetTimestamp();
        long next = Volatile.Read(ref _nextLine);
        if (now >= next && Interlocked.CompareExchange(ref _nextLine, now + (SecondsBetweenLines * _time.TimestampFrequency), next) == next)
        {
            Log.ConnectionsClosed(_logger, address, _open.Limit);
        }
    }
}
