using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed partial class ApiPageTests
{
    [Fact]
    public async Task Page_InDevelopment_LoadsEverythingFromTheService()
    {
        await using RatingApiServer server = new((WebHostDefaults.EnvironmentKey, "Development"));
        using HttpClient client = server.Connect();

        string page = await client.GetStringAsync("/scalar/");

        Assert.DoesNotMatch(ForeignAddress(), page);
        Assert.Contains("\"withDefaultFonts\":false", page);
        Assert.Contains("\"telemetry\":false", page);
        string[] scripts = [.. Script().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(scripts);
        foreach (string script in scripts)
        {
            using HttpResponseMessage response = await client.GetAsync($"/scalar/{script}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Page_InProduction_IsNotThere()
    {
        await using RatingApiServer server = new((WebHostDefaults.EnvironmentKey, "Production"));
        using HttpClient client = server.Connect();

        using HttpResponseMessage response = await client.GetAsync("/scalar/");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [GeneratedRegex("https?://|src=.//")]
    private static partial Regex ForeignAddress();

    [GeneratedRegex("src=.([^\"' ]+\\.js)")]
    private static partial Regex Script();
}
