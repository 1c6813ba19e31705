using System.Net.Http.Headers;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Reads the <c>Retry-After</c> header of a receiver's response.</summary>
internal static class RetryAfter
{
    /// <returns>The time to wait; null without a valid header.</returns>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        RetryConditionHeaderValue { Delta: { } delta } => delta,
        RetryConditionHeaderValue { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
