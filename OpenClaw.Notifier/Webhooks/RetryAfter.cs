using System.Net.Http.Headers;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>How long a receiver asks to wait.</summary>
internal static class RetryAfter
{
    /// <returns>Null when the answer does not say.</returns>
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        RetryConditionHeaderValue { Delta: { } delta } => delta,
        RetryConditionHeaderValue { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
