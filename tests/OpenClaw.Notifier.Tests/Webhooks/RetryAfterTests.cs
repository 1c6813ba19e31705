using Microsoft.Extensions.Time.Testing;
using OpenClaw.Notifier.Webhooks;

namespace OpenClaw.Notifier.Tests.Webhooks;

public sealed class RetryAfterTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Sat, 28 Nov 2026 10:05:00 GMT", 300)]
    [InlineData("Sat, 28 Nov 2026 09:55:00 GMT", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData(null, null)]
    public void Of_Header_IsTheTimeToWait(string? header, int? seconds)
    {
        using HttpResponseMessage answer = new();
        if (header is not null)
        {
            answer.Headers.TryAddWithoutValidation("Retry-After", header);
        }

        Assert.Equal(seconds, RetryAfter.Of(answer, Time)?.TotalSeconds);
    }
}
