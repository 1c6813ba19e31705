using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary><c>Retry-After</c>: never too early, and with jitter, so that clients refused at the same time do not all retry at the same
/// time.</summary>
internal static class RetryAfterHeader
{
    /// <summary>Milliseconds until a gRPC client should retry.</summary>
    public const string GrpcField = "grpc-retry-pushback-ms";

    /// <summary>Whole seconds, at least 1; null when waiting does not help.</summary>
    /// <param name="wait">The exact time to wait.</param>
    /// <param name="jitter">Largest random delay to add, as a fraction of the wait, rounded up to whole seconds.</param>
    public static long? Seconds(TimeSpan wait, double jitter)
    {
        if (wait == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        long seconds = Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        long spread = (long)Math.Ceiling(seconds * jitter);
        return seconds + (spread > 0 ? Random.Shared.NextInt64(spread + 1) : 0);
    }

    /// <summary>Writes the time to wait, in seconds and, for gRPC, in milliseconds.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="seconds">Seconds; null when waiting does not help.</param>
    public static void Write(HttpContext context, long? seconds)
    {
        if (seconds is not null)
        {
            context.Response.Headers.RetryAfter = seconds.Value.ToString(CultureInfo.InvariantCulture);
        }

        if (GrpcRequest.Is(context.Request))
        {
            // Negative: do not retry.
            context.Response.Headers[GrpcField] = (seconds * 1000 ?? -1).ToString(CultureInfo.InvariantCulture);
        }
    }
}
