using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Short names of failures for logs, metrics and health. They are few, and never contain a key or an address.</summary>
internal static class FailureReason
{
    public const string Timeout = "timeout";
    public const string Connection = "connection";
    public static readonly string NoPermission = Name(RedisErrorKind.NoPermission);

    /// <summary>Common reasons. Their counters are published as 0 from the start.</summary>
    public static IReadOnlyList<string> Expected { get; } =
    [
        Timeout,
        Connection,
        Name(RedisErrorKind.Loading),
        Name(RedisErrorKind.ReadOnly),
        Name(RedisErrorKind.OutOfMemory),
        Name(RedisErrorKind.NoAuth),
        Name(RedisErrorKind.ClusterDown),
        NoPermission,
    ];

    public static string Of(Exception exception) => exception switch
    {
        RedisServerException or RedisConnectionException when MissingRight.Find(exception.Message) is not null => NoPermission,
        RedisServerException server => Name(server.Kind),
        RedisCommandException => Name(RedisErrorKind.UnknownCommand),
        OperationCanceledException or TimeoutException => Timeout,
        RedisConnectionException when IsPasswordRefused(exception) => Name(RedisErrorKind.NoAuth),
        RedisConnectionException { FailureType: ConnectionFailureType.Loading } => Name(RedisErrorKind.Loading),
        RedisException or ObjectDisposedException => Connection,
        _ => exception.GetType().Name.ToLowerInvariant(),
    };

    // The client calls a failed TLS handshake an authentication failure, too. A server without TLS closes the connection in it.
    private static bool IsPasswordRefused(Exception exception)
    {
        var found = false;
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or IOException or SocketException)
            {
                return false;
            }

            found |= cause is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure };
        }

        return found;
    }

    /// <summary>More detail, without keys, addresses and users; null if there is none.</summary>
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
                // Such as "The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot".
                AuthenticationException tls => $"TLS: {tls.Message.TrimEnd('.')}",
                IOException when detail == nameof(ConnectionFailureType.AuthenticationFailure) =>
                    "TLS: the server closed the connection in the handshake; it may not use TLS",
                RedisConnectionException connection => connection.FailureType.ToString(),
                _ => detail,
            };
        }

        return detail;
    }

    private static string Name(RedisErrorKind kind) => kind.ToString().ToLowerInvariant();
}
