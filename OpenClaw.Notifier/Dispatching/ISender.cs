using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Queue;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Delivers over one channel.</summary>
internal interface ISender
{
    /// <summary>The channel, one of <see cref="Receivers.Channel"/>.</summary>
    string Channel { get; }

    /// <summary>Receivers served at the same time.</summary>
    int MaxReceivers { get; }

    /// <summary>Deliveries to one receiver at the same time.</summary>
    int MaxPerReceiver { get; }

    /// <summary>Makes one attempt. Failures are results, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The notifier is stopping.</exception>
    Task<DeliveryResult> SendAsync(Delivery delivery, EdgeEvent happened, CancellationToken cancellationToken);
}
