using System.Net;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Probes_InEveryEnvironment_AreHealthyOnTheManagementListenerOnly(string environment)
    {
        await using RatingApiServer server = new(("environment", environment));
        using HttpClient client = server.Connect();
        using HttpClient management = server.ConnectToManagement();

        foreach (string path in (string[])["/health", "/alive"])
        {
            Assert.Equal("Healthy", await management.GetStringAsync(path));
            using HttpResponseMessage response = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Ping_OnThePublicPort_IsAnsweredAndNotDescribed()
    {
        await using RatingApiServer server = new();
        using HttpClient client = server.Connect();

        using HttpResponseMessage response = await client.GetAsync("/ping");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.DoesNotContain("/ping", await client.GetStringAsync("/openapi/v1.json"));
    }
}
