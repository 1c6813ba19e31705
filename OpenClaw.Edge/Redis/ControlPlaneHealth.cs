using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Logs once why a group of keys cannot be used, and once when it can be again. An outage of Redis is not logged here: the limiter
/// does that. Safe for concurrent use.</summary>
/// <param name="database">Database in which rights are tested.</param>
/// <param name="what">Name of the group, as the beginning of a sentence.</param>
/// <param name="trialKey">A key of the group that is used for nothing else.</param>
/// <param name="commands">Commands that the group needs.</param>
/// <param name="logger">The log.</param>
internal sealed class ControlPlaneHealth(IDatabase database, string what, RedisKey trialKey, string[] commands, ILogger logger)
{
    private static readonly string[] Transient =
        ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "BUSY", "NOSCRIPT"];

    private int _isLogged;

    /// <summary>Records a success.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _isLogged) != 0 && Interlocked.Exchange(ref _isLogged, 0) != 0)
        {
            Log.WorksAgain(logger, what);
        }
    }

    /// <summary>Records a failure.</summary>
    public async Task FailedAsync(Exception exception)
    {
        if (!IsTransient(exception)
            && exception is RedisServerException { Message: var message }
            && Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            Log.Failed(logger, what, RightsTrial.IsAbout(exception)
                ? $"the Redis user lacks {await RightsTrial.DescribeAsync(database, trialKey, commands)}"
                : IsUnknownCommand(message)
                    ? $"the server does not know a command (Redis 6.2 or later does, unless the command is renamed): {Shorten(message)}"
                : Shorten(message));
        }
    }

    /// <summary>Whether the same call may succeed soon: Redis does not answer, or is not ready.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is not RedisServerException { Message: var message }
        || Array.Exists(Transient, code => message.StartsWith(code, StringComparison.Ordinal));

    /// <summary>Whether the server lacks a command, as servers that are only compatible with Redis may.</summary>
    public static bool IsUnknownCommand(string message) =>
        message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
        || message.Contains("unknown redis command", StringComparison.OrdinalIgnoreCase);

    /// <summary>A server's message without the arguments of the call, which may be keys with names or addresses of clients.</summary>
    public static string Shorten(string message)
    {
        int arguments = message.IndexOf(", with args", StringComparison.OrdinalIgnoreCase);
        string text = arguments < 0 ? message : message[..arguments];
        return text.Length <= 200 ? text : text[..200];
    }
}
