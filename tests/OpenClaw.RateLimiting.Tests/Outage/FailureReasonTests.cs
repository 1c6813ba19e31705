using OpenClaw.RateLimiting.Outage;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Outage;

public sealed class FailureReasonTests
{
    [Fact]
    public void Of_ServerError_IsItsKindAndNothingOfItsText() =>
        Assert.Equal("readonly", FailureReason.Of(new RedisServerException(RedisErrorKind.ReadOnly, CommandFlags.None, "READONLY rl:{client}")));

    [Theory]
    [InlineData(ConnectionFailureType.SocketClosed, "connection")]
    [InlineData(ConnectionFailureType.AuthenticationFailure, "noauth")]
    [InlineData(ConnectionFailureType.Loading, "loading")]
    public void Of_ConnectionFailure_IsItsKind(ConnectionFailureType type, string expected) =>
        Assert.Equal(expected, FailureReason.Of(new RedisConnectionException(type, CommandFlags.None, "127.0.0.1:6379")));

    [Fact]
    public void Of_OtherFailures_IsTheirKind()
    {
        Assert.Equal("timeout", FailureReason.Of(new OperationCanceledException()));
        Assert.Equal("timeout", FailureReason.Of(new TimeoutException()));
        Assert.Equal("formatexception", FailureReason.Of(new FormatException()));
    }
}
