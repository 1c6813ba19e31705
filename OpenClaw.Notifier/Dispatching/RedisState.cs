using System.Collections.Concurrent;
using System.Security.Authentication;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Dispatching;

/// <summary>Whether the loops that work with Redis succeed. An outage is one warning when it begins and one line when it ends. A defect is
/// one error for each loop until the loop succeeds again.</summary>
internal sealed class RedisState(ILogger<RedisState> logger)
{
    private readonly ConcurrentDictionary<string, string> _failing = new();
    private readonly ConcurrentDictionary<string, string> _defects = new();
    private readonly Lock _lock = new();
    private bool _isLogged;

    /// <summary>The current problems, each once; null when there are none.</summary>
    public string? Problem =>
        _failing.Values.Concat(_defects.Values).Distinct().ToArray() is { Length: > 0 } problems ? string.Join("; ", problems) : null;

    /// <summary>Whether an exception is a failure of Redis, after which a loop retries.</summary>
    public static bool IsFailure(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;

    public void Succeeded(string loop)
    {
        _defects.TryRemove(loop, out _);
        if (_failing.TryRemove(loop, out _))
        {
            Report();
        }
    }

    /// <summary>Records that a turn of a loop failed. Exceptions other than failures of Redis are defects of the notifier.</summary>
    public void Failed(string loop, Exception exception)
    {
        if (!IsFailure(exception))
        {
            if (_defects.TryAdd(loop, $"the loop '{loop}' failed because of an internal error: {exception.GetType().Name}"))
            {
                Log.LoopDefect(logger, exception, loop);
            }

            return;
        }

        _failing[loop] = Describe(exception);
        Report();
    }

    // Messages of the client contain its settings and counters.
    private static string Describe(Exception exception) => exception switch
    {
        RedisServerException { Message: var message } when message.Contains("unknown command", StringComparison.OrdinalIgnoreCase) =>
            "this server has no stream commands; Redis 6.2, Valkey 7.2 or later is needed",
        RedisServerException { Message: var message } => $"Redis refused: {message}",
        RedisTimeoutException or TimeoutException => "Redis did not answer in time",
        _ when Causes(exception).OfType<AuthenticationException>().FirstOrDefault() is { } tls =>
            $"TLS to Redis failed: {tls.Message.TrimEnd('.')}",
        _ when Causes(exception).OfType<RedisConnectionException>().Any(
            cause => cause.FailureType == ConnectionFailureType.AuthenticationFailure) => "Redis refused the user or the password",
        _ => "there is no connection to Redis",
    };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private void Report()
    {
        lock (_lock)
        {
            string? problem = _failing.Values.FirstOrDefault();
            if (problem is not null && !_isLogged)
            {
                Log.RedisFails(logger, problem);
            }
            else if (problem is null && _isLogged)
            {
                Log.RedisIsBack(logger);
            }

            _isLogged = problem is not null;
        }
    }
}
