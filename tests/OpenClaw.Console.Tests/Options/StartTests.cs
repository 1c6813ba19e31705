using OpenClaw.Console.Options;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Options;

public sealed class StartTests
{
    [Fact]
    public async Task Start_WrongSettings_SaysAllAtOnceAndEnds()
    {
        using ConsoleServer console = await ConsoleServer.LaunchAsync(
            "localhost", ("OpenClaw:Console:AdminKey", ""), ("OpenClaw:Console:TrustedNetworks:0", "everywhere"));

        await Poll.UntilAsync("the console ends", () => console.HasExited && console.Output.Count >= 3, TimeSpan.FromSeconds(30));

        string[] lines = [.. console.Output];
        Assert.Contains(lines, line => line.StartsWith("OpenClaw:Console:Edge is 'localhost'; it must be", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("OpenClaw:Console:AdminKey is not set; it must be", StringComparison.Ordinal));
        Assert.Contains(lines, line =>
            line.StartsWith("OpenClaw:Console:TrustedNetworks:0 is 'everywhere'; it must be", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ProductionWithoutAKeyFolder_SaysWhatToSet()
    {
        await using TestConsole console = await TestConsole.StartAsync("http://127.0.0.1:9", ("environment", "Production"));

        Assert.Contains(console.Output, line => line.Contains("OpenClaw:Console:KeyFolder is not set", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "", "", "", true)]
    [InlineData("https://id.example", "console", "", "", true)]
    [InlineData("http://127.0.0.1:5000", "console", "groups", "operators", true)]
    [InlineData("http://id.example", "console", "", "", false)]
    [InlineData("https://id.example", "", "", "", false)]
    [InlineData("https://id.example", "console", "groups", "", false)]
    [InlineData("", "console", "", "", false)]
    public void Validate_OpenIdConnect_NeedsWhatBelongsTogether(string authority, string client, string claim, string value, bool isValid)
    {
        ConsoleOptions options = new()
        {
            Edge = "http://localhost:9090",
            AdminKey = "key",
            OpenIdConnect = new() { Authority = authority, ClientId = client, RequiredClaim = claim, RequiredValue = value },
        };

        Assert.Equal(isValid, new ConsoleOptionsValidator().Validate(null, options).Succeeded);
    }
}
