using OpenClaw.RateLimiting.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

public sealed class MissingRightTests
{
    [Theory]
    [InlineData("NOPERM this user has no permissions to run the 'evalsha' command", "the command EVALSHA")]
    [InlineData("NOPERM User edge has no permissions to run the 'script|load' command", "the command SCRIPT|LOAD")]
    [InlineData(
        "ERR ACL failure in script: User edge has no permissions to run the 'time' command script: 104ae6, on @user_script:1.",
        "the command TIME")]
    [InlineData("ERR The user executing the script can't run this command or subcommand script: 104ae6, on @user_script:1.", "a command")]
    [InlineData("NOPERM this user has no permissions to access one of the keys used as arguments", "access to the keys")]
    [InlineData("NOPERM No permissions to access a key", "access to the keys")]
    [InlineData("NOPERM No permissions to access a channel", "access to the channel")]
    [InlineData(
        "No connection is active; SimpleError: NOPERM this user has no permissions to run the 'echo' command, mc: 1/1/0",
        "the command ECHO")]
    [InlineData("NOPERM User has no permissions to run the 'secret of somebody' command", "a command")]
    [InlineData("READONLY You can't write against a read only replica.", null)]
    [InlineData("ERR Error compiling script (new function): user_script:1: malformed number near '104ae6'", null)]
    public void Find_ByTheError_NamesTheRightAndNothingElse(string error, string? expected)
        => Assert.Equal(expected, MissingRight.Find(error));
}
