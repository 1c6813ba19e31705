using System.Net;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Probes_InEveryEnvironment_AreHealthy(string environment)
    {
        await using RatingApiServer server = new(("environment", environment));
        using HttpClient client = server.Connect();

        foreach (string path in (string[])["/health", "/alive"])
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("Healthy", await response.Content.ReadAsStringAsync());
        }
    }
}
