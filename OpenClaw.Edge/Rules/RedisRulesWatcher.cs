using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Rules;

/// <summary>Brings the rules document from Redis into force: before the first request where Redis answers in time, and then whenever its
/// version changes. Nobody else applies documents, and it reads one at a time. A document that
/// disappears (Redis was emptied) stays in force, and so does one for which an older one appears (a failover lost a write); to go back to the configuration, write an
/// empty one under a newer version.</summary>
internal sealed class RedisRulesWatcher(
    RedisRulesStore rules, EdgeRulesStore store, TimeProvider time, IOptions<EdgeOptions> options, ILogger<RedisRulesWatcher> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RedisRulesOptions _options = options.Value.RedisRules;
    private readonly SemaphoreSlim _turn = new(1);
    private RulesDocumentInfo? _seen;
    private bool _failing;

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
            // Where the edge fails to start, the host would report this as a failure too, and louder than the one that it comes from.
        }
    }

    /// <summary>Looks for another version now. When it returns, a document written before the call is in force or refused, unless Redis did not answer.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            RulesDocumentInfo? head = await rules.ReadHeadAsync().WaitAsync(Patience, cancellationToken);
            if (head is { } found && found != _seen)
            {
                await TakeAsync(found, cancellationToken);
            }

            if (_failing)
            {
                _failing = false;
                Log.RulesReadable(logger);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: without the watcher no later document would be seen.
            if (!_failing)
            {
                _failing = true;
                Log.RulesUnreadable(logger, ReasonOf(exception));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeAsync(RulesDocumentInfo head, CancellationToken cancellationToken)
    {
        if (head.Error is not null)
        {
            store.Refuse(head);
        }
        else if (await rules.ReadAsync().WaitAsync(Patience, cancellationToken) is var (version, document))
        {
            store.Apply(version, document);
            if (version != head.Version)
            {
                // Written between the two reads.
                head = new RulesDocumentInfo(version, Encoding.UTF8.GetByteCount(document));
            }
        }

        _seen = head;
    }

    // The client's own messages are long, and say more of the client than of what is wrong; what the server says is short.
    private static string ReasonOf(Exception exception) => exception switch
    {
        RedisServerException => exception.Message,
        TimeoutException => "timeout",
        RedisException => "connection",
        _ => exception.GetType().Name,
    };
}
