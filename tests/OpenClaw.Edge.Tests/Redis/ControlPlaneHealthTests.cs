using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Redis;

public sealed class ControlPlaneHealthTests
{
    [Fact]
    public async Task Failed_UnknownCommand_IsNamedWithoutItsArguments()
    {
        FakeLogger logger = new();
        ControlPlaneHealth health = new(null!, "Events", "trial", [], logger);

        await health.FailedAsync(new RedisServerException(
            RedisErrorKind.UnknownCommand,
            CommandFlags.None,
            "ERR unknown command 'foo', with args beginning with: '5ad1' '1' 'openclaw:edge:events:192.0.2.1' "));

        string line = Assert.Single(logger.Collector.GetSnapshot()).Message;
        Assert.Contains("ERR unknown command 'foo'.", line, StringComparison.Ordinal);
        Assert.Contains("unless the command is renamed", line, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", line, StringComparison.Ordinal);
    }
}
