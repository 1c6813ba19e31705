using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Admin;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class UnauthorizedLogTests : IDisposable
{
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.1"), There = IPAddress.Parse("10.0.0.2");

    private readonly SharedRedis _redis;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<AdminAuthentication> _logger = new();
    private readonly UnauthorizedLog _log;

    public UnauthorizedLogTests(SharedRedis redis)
    {
        _redis = redis;
        _log = new UnauthorizedLog(_logger, _time);
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Warn_First_IsLoggedAtOnce()
    {
        _log.Warn(Here);

        FakeLogRecord record = Assert.Single(_logger.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Warning, "A request from 10.0.0.1 to the admin API had no valid key."), (record.Level, record.Message));
    }

    [Fact]
    public void Warn_Scan_IsOneLineAnIntervalWithTheNumber()
    {
        for (var second = 0; second < 30; second++)
        {
            for (var i = 0; i < 1000; i++)
            {
                _log.Warn(i == 999 ? There : Here);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [
                "A request from 10.0.0.1 to the admin API had no valid key.",
                "Further requests to the admin API without a valid key: 9999, the last one from 10.0.0.2.",
                "Further requests to the admin API without a valid key: 10000, the last one from 10.0.0.2.",
                "Further requests to the admin API without a valid key: 10000, the last one from 10.0.0.2.",
            ],
            Messages());
    }

    [Fact]
    public void Warn_AfterAQuietInterval_IsLoggedAtOnceAgain()
    {
        _log.Warn(Here);
        _time.Advance(UnauthorizedLog.Interval);
        _log.Warn(There);
        _log.Warn(There);
        _time.Advance(UnauthorizedLog.Interval);
        _time.Advance(UnauthorizedLog.Interval);
        _log.Warn(Here);

        Assert.Equal(["A request from 10.0.0.1", "A request from 10.0.0.2", "Further requests", "A request from 10.0.0.1"],
            Messages().Select(message => message.Split(" to ")[0]));
    }

    [Fact]
    public void Dispose_SomeNotMentionedYet_AreMentioned()
    {
        _log.Warn(Here);
        _log.Warn(Here);

        _log.Dispose();

        Assert.EndsWith("without a valid key: 1, the last one from 10.0.0.1.", Messages()[^1]);
    }

    [Fact]
    public async Task Scan_OfARunningEdge_IsFewWarningsAndHidesNoChange()
    {
        await using Stack stack = await Stack.StartAsync(_redis, ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey));
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient scanner = new() { BaseAddress = stack.Edge.ManagementAddress };

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await scanner.StatusAsync("/policies", ("Authorization", $"Bearer guess-{i}")));
            if (i % 10 == 0)
            {
                await admin.PostJsonAsync("/buckets/reset", new { client = "test" });
            }
        }

        int[] ids = [.. stack.Edge.Logs.GetSnapshot().Select(record => record.Id.Id)];
        Assert.Equal((1, 10), (ids.Count(id => id == 301), ids.Count(id => id == 302)));
    }

    private string[] Messages() => [.. _logger.Collector.GetSnapshot().Select(record => record.Message)];
}
