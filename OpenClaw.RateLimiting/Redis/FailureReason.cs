using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>The short name of a failure, for logs, metrics and health: few in number, and never a key or an address.</summary>
internal static class FailureReason
{
    public const string Timeout = "timeout";
    public const string Connection = "connection";
    public static readonly string NoPermission = Name(RedisErrorKind.NoPermission);

    /// <summary>What is to be expected of a Redis in trouble.</summary>
    public static IReadOnlyList<string> Expected { get; } =
    [
        Timeout, Connection, Name(RedisErrorKind.Loading), Name(RedisErrorKind.ReadOnly), Name(RedisErrorKind.OutOfMemory), Name(RedisErrorKind.NoAuth),
        Name(RedisErrorKind.ClusterDown), NoPermission,
    ];

    public static string Of(Exception exception) => exception switch
    {
        RedisServerException or RedisConnectionException when MissingRight.Find(exception.Message) is not null => NoPermission,
        RedisServerException server => Name(server.Kind),
        RedisCommandException => Name(RedisErrorKind.UnknownCommand),
        OperationCanceledException or TimeoutException => Timeout,
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Name(RedisErrorKind.NoAuth),
        RedisConnectionException { FailureType: ConnectionFailureType.Loading } => Name(RedisErrorKind.Loading),
        RedisException or ObjectDisposedException => Connection,
        _ => exception.GetType().Name.ToLowerInvariant(),
    };

    /// <summary>What more is known, in words that hold no key, no address and no user; null when nothing is.</summary>
    public static string? DetailOf(Exception exception)
    {
        if (MissingRight.Find(exception.Message) is { } right)
        {
            return right;
        }

        string? detail = null;
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            detail = cause switch
            {
                SocketException socket => socket.SocketErrorCode.ToString(),
                AuthenticationException => "TLS",
                RedisConnectionException connection => connection.FailureType.ToString(),
                _ => detail,
            };
        }

        return detail;
    }

    private static string Name(RedisErrorKind kind) => kind.ToString().ToLowerInvariant();
}
