using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>A connection from any address, without a network. Based on the multiplexed kind, which has the fewest members.</summary>
internal sealed class FakeConnection(EndPoint? from) : MultiplexedConnectionContext
{
    /// <summary>Completes the handler of the connection.</summary>
    public TaskCompletionSource Served { get; } = new();

    /// <summary>Completes the disposal; until then the last responses count as unsent.</summary>
    public TaskCompletionSource Closed { get; } = new();

    public bool IsAborted { get; private set; }

    public override string ConnectionId { get; set; } = "1";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override EndPoint? RemoteEndPoint { get; set; } = from;

    public override void Abort() => IsAborted = true;

    public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

    public override ValueTask DisposeAsync() => new(Closed.Task);

    public override ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override ValueTask<ConnectionContext> ConnectAsync(
        IFeatureCollection? features = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
