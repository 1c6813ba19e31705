using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
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
            "localhost", ("OpenClaw:Console:AdminKey", ""), ("OpenClaw:Console:TrustedNetworks:0", "everywhere"),
            ("OpenClaw:Console:SessionLifetime", "8"), ("OpenClaw:Console:KeyFoldr", "/keys"),
            ("OpenClaw:Console:OpenIdConnect:ClientSceret", "x"), ("OpenClaw:Metrcs:Prometheus:Enabled", "true"));

        await Poll.UntilAsync("the console ends", () => console.HasExited && console.Output.Count >= 7, TimeSpan.FromSeconds(30));

        string[] lines = [.. console.Output];
        Assert.Contains("OpenClaw:Console:SessionLifetime is '8'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or "
            + "1.00:00:00.", lines);
        Assert.Contains(lines, line => line.StartsWith("OpenClaw:Metrcs is not a setting; OpenClaw has: ", StringComparison.Ordinal));
        Assert.Contains("OpenClaw:Console:KeyFoldr is not a setting; OpenClaw:Console has: AdminKey, Edge, KeyFolder, OpenIdConnect, "
            + "SessionLifetime, TrustedNetworks.", lines);
        Assert.Contains("OpenClaw:Console:OpenIdConnect:ClientSceret is not a setting; OpenClaw:Console:OpenIdConnect has: Authority, "
            + "ClientId, ClientSecret, NameClaim, RequiredClaim, RequiredValue, Scopes.", lines);
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

        Assert.Equal(isValid, Validate(options).Succeeded);
    }

    [Fact]
    public void Validate_KeyFolderIsNew_IsCreatedAndLeftEmpty()
    {
        string folder = Path.Combine(Directory.CreateTempSubdirectory("console-keys").FullName, "new", "keys");

        Assert.True(Validate(new() { Edge = "http://localhost:9090", AdminKey = "key", KeyFolder = folder }).Succeeded);

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    // Nobody may create files in /proc, and /proc/version is a file.
    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/version")]
    [InlineData("/proc/version/keys")]
    public void Validate_KeyFolderCannotBeWritten_SaysWhatIsNeeded(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It needs /proc.");

        ValidateOptionsResult result = Validate(new() { Edge = "http://localhost:9090", AdminKey = "key", KeyFolder = folder });

        string error = Assert.Single(result.Failures!);
        Assert.StartsWith($"OpenClaw:Console:KeyFolder is '{folder}', where the console cannot keep", error, StringComparison.Ordinal);
        Assert.EndsWith("in which the console's user may create files.", error, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(ConsoleOptions options) =>
        new ConsoleOptionsValidator(new ConfigurationBuilder().Build()).Validate(null, options);
}
