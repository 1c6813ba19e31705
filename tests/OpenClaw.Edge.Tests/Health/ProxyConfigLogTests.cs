using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Health;

namespace OpenClaw.Edge.Tests.Health;

public sealed class ProxyConfigLogTests
{
    /// <summary>YARP reports the last version as applied when it could not load the change.</summary>
    [Fact]
    public void Applied_AfterAFailedLoad_NotToldBeforeTheNextOne()
    {
        FakeLogger<ProxyConfigLog> logger = new();
        ProxyConfigLog log = new(logger);

        log.ConfigurationLoadingFailed(null!, new InvalidOperationException("No such service."));
        log.ConfigurationLoaded([]);
        log.ConfigurationApplied([]);

        Assert.Equal(
            "Changed routes and clusters are refused; the last valid ones stay in force: No such service.",
            Assert.Single(logger.Collector.GetSnapshot()).Message);

        log.ConfigurationLoaded([]);
        log.ConfigurationApplied([]);

        Assert.Equal([203, 204], logger.Collector.GetSnapshot().Select(line => line.Id.Id));
    }
}
