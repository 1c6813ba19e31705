using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Rules;

/// <summary>Applies the rules document from Redis: before the first request when Redis answers in time, and then whenever its version
/// changes. No other class applies documents; they are applied one at a time. The document remains in force when it disappears from Redis
/// (a flush) or an older one appears (a failover that lost a write). To return to the configuration, write an empty document with a newer
/// version.</summary>
internal sealed class RedisRulesWatcher(
    RedisRulesStore rules, EdgeRulesStore store, TimeProvider time, IOptions<EdgeOptions> options, ILogger<RedisRulesWatcher> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(1);

    private readonly RedisRulesOptions _options = options.Value.RedisRules;
    private readonly SemaphoreSlim _pollLock = new(1);
    private RulesDocumentInfo? _seen;
    private string? _announced;
    private bool _failing;
    private bool _hasRead;

    /// <summary>Raised when a document has come into force after the start, with its metadata. Handlers must not wait.</summary>
    public event Action<RulesChange>? Changed;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_options.Enabled)
        {
            await PollAsync(cancellationToken);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
        {
            return;
        }

        using PeriodicTimer timer = new(_options.PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await PollAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // When the edge fails to start, the host would report this exception more prominently than its cause.
        }
    }

    /// <summary>Checks for another version now. On return, a document written before the call is in force or refused, unless Redis did not
    /// answer.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        await _pollLock.WaitAsync(cancellationToken);
        try
        {
            RulesDocumentInfo? info = await rules.ReadInfoAsync().WaitAsync(ReadTimeout, cancellationToken);
            if (info is { } found && found != _seen)
            {
                await ApplyAsync(found, cancellationToken);
            }

            await AnnounceAsync(cancellationToken);
            _hasRead = true;
            if (_failing)
            {
                _failing = false;
                Log.RulesReadable(logger);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Any exception is handled: otherwise the watcher would stop and see no later document.
            if (!_failing)
            {
                _failing = true;
                Log.RulesUnreadable(logger, ReasonOf(exception));
            }
        }
        finally
        {
            _pollLock.Release();
        }
    }

    private async Task ApplyAsync(RulesDocumentInfo info, CancellationToken cancellationToken)
    {
        if (info.Error is not null)
        {
            store.Refuse(info);
        }
        else if (await rules.ReadAsync().WaitAsync(ReadTimeout, cancellationToken) is var (version, document))
        {
            store.Apply(version, document);
            if (version != info.Version)
            {
                // Written between the two reads.
                info = new RulesDocumentInfo(version, Encoding.UTF8.GetByteCount(document));
            }
        }

        _seen = info;
    }

    // A refused document comes into force later when the configuration changes.
    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        if (store.DocumentVersion is { } version && version != _announced)
        {
            _announced = version;
            if (_hasRead)
            {
                await NotifyAsync(version, cancellationToken);
            }
        }
    }

    private async Task NotifyAsync(string version, CancellationToken cancellationToken)
    {
        RulesChange? change = null;
        try
        {
            change = await rules.ReadChangeAsync(version).WaitAsync(ReadTimeout, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Only the metadata is missing; the rules are in force.
        }

        change ??= new RulesChange(time.GetUtcNow(), _seen?.DocumentBytes ?? 0) { Version = version };
        Changed?.Invoke(change);
    }

    // The client's own messages are long and describe the client. Messages of the server are short.
    private static string ReasonOf(Exception exception) => exception switch
    {
        RedisServerException => ControlPlaneHealth.Shorten(exception.Message),
        OutOfMemoryException => EdgeRulesStore.NotEnoughMemory,
        TimeoutException => "timeout",
        RedisException => "connection",
        _ => exception.GetType().Name,
    };
}
