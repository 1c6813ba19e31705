using System.Net.Sockets;
using System.Security.Authentication;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

public sealed class FailureReasonTests
{
    [Fact]
    public void Of_ServerError_IsItsKindAndNothingOfItsText() =>
        Assert.Equal(
            "readonly", FailureReason.Of(new RedisServerException(RedisErrorKind.ReadOnly, CommandFlags.None, "READONLY rl:{client}")));

    [Theory]
    [InlineData(ConnectionFailureType.SocketClosed, "connection")]
    [InlineData(ConnectionFailureType.AuthenticationFailure, "noauth")]
    [InlineData(ConnectionFailureType.Loading, "loading")]
    public void Of_ConnectionFailure_IsItsKind(ConnectionFailureType type, string expected) =>
        Assert.Equal(expected, FailureReason.Of(new RedisConnectionException(type, CommandFlags.None, "127.0.0.1:6379")));

    [Fact]
    public void Of_OtherFailures_IsTheirKind()
    {
        Assert.Equal("unknowncommand", FailureReason.Of(new RedisCommandException("disabled")));
        Assert.Equal("timeout", FailureReason.Of(new OperationCanceledException()));
        Assert.Equal("timeout", FailureReason.Of(new TimeoutException()));
        Assert.Equal("formatexception", FailureReason.Of(new FormatException()));
    }

    [Fact]
    public void Of_RefusedForWantOfARight_IsNoPermission()
    {
        Assert.Equal("nopermission", FailureReason.Of(new RedisServerException(
            RedisErrorKind.UnknownCommand, CommandFlags.None, "ERR The user executing the script can't run this command or subcommand")));
        Assert.Equal("nopermission", FailureReason.Of(new RedisConnectionException(
            ConnectionFailureType.UnableToResolvePhysicalConnection, CommandFlags.None,
            "SimpleError: NOPERM this user has no permissions to run the 'echo' command")));
    }

    /// <summary>The client names both alike, one level further in: a refused password is noauth, and TLS is told in the detail.</summary>
    [Fact]
    public void Of_PasswordRefusedOrTlsFailed_TellsTheTwoApart()
    {
        RedisConnectionException refused = Nested(null);
        RedisConnectionException tls = Nested(new AuthenticationException("The remote certificate is invalid: UntrustedRoot."));
        Assert.Equal(("noauth", "AuthenticationFailure"), (FailureReason.Of(refused), FailureReason.DetailOf(refused)));
        Assert.Equal("connection", FailureReason.Of(tls));
        Assert.StartsWith("TLS: the server closed", FailureReason.DetailOf(Nested(new IOException("EOF"))), StringComparison.Ordinal);
        Assert.Equal("connection", FailureReason.Of(Nested(new IOException("Received an unexpected EOF"))));
        Assert.Equal("connection", FailureReason.Of(Nested(new SocketException((int)SocketError.ConnectionReset))));
        Assert.Equal("TLS: The remote certificate is invalid: UntrustedRoot", FailureReason.DetailOf(tls));

        static RedisConnectionException Nested(Exception? cause) => new(
            ConnectionFailureType.UnableToResolvePhysicalConnection,
            CommandFlags.None,
            "No connection is active",
            new RedisConnectionException(ConnectionFailureType.AuthenticationFailure, CommandFlags.None, "127.0.0.1:6379", cause!));
    }

    [Fact]
    public void DetailOf_ConnectionFailure_IsItsDeepestKnownCauseWithoutTheAddress()
    {
        Assert.Equal("ConnectionRefused", FailureReason.DetailOf(Failure(new SocketException((int)SocketError.ConnectionRefused))));
        Assert.Equal("UnableToConnect", FailureReason.DetailOf(Failure(null)));
        Assert.Null(FailureReason.DetailOf(new OperationCanceledException("127.0.0.1:6379")));

        static RedisConnectionException Failure(Exception? cause) => new(
            ConnectionFailureType.UnableToResolvePhysicalConnection,
            CommandFlags.None,
            "EVALSHA rl:{client}policy",
            new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "127.0.0.1:6379", cause!));
    }
}
