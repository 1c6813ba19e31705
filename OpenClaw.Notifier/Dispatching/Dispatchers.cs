namespace OpenClaw.Notifier.Dispatching;

/// <summary>One dispatcher per channel, so that a slow mail server does not delay webhooks.</summary>
internal sealed class Dispatchers(IServiceProvider services, IEnumerable<ISender> senders) : IHostedService, IDisposable
{
    private readonly Dispatcher[] _all = [.. senders.Select(sender => ActivatorUtilities.CreateInstance<Dispatcher>(services, sender))];

    /// <summary>Wakes all waiting loops.</summary>
    public void Signal() => Array.ForEach(_all, dispatcher => dispatcher.Signal.Set());

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_all.Select(dispatcher => dispatcher.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_all.Select(dispatcher => dispatcher.StopAsync(cancellationToken)));

    public void Dispose() => Array.ForEach(_all, dispatcher => dispatcher.Dispose());
}
