using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OpenClaw.Edge.Commands;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Commands;

public sealed class HashKeyCommandTests
{
    private const string SampleHash = "332a6fed72ef464a3f4902a1f36ad50cb57dbfaed48e556afc04acc0eaf16d18";

    [Fact]
    public void Run_SamplePepperAndKey_PrintsTheHashOfTheSampleClientAndNothingElse()
    {
        (int code, string output, _) = Run(TestEdge.Pepper, "test-key\n");

        Assert.Equal((0, SampleHash + Environment.NewLine), (code, output));
        Assert.Contains($"\"{SampleHash}\"", File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.Development.json")));
    }

    [Theory]
    [InlineData("", "test-key", "OpenClaw:Edge:ApiKeys:Pepper must have")]
    [InlineData(TestEdge.Pepper, "", "visible ASCII")]
    [InlineData(TestEdge.Pepper, "two words", "visible ASCII")]
    public void Run_BadInput_ExplainsAndFails(string pepper, string key, string expected)
    {
        (int code, string output, string error) = Run(pepper, key);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(expected, error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-", "--help")]
    public void Run_Help_IsPrintedWithoutReadingTheKey(params string[] arguments)
    {
        (int code, string output, string error) = Run("", "", arguments);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Usage: hash-key", output, StringComparison.Ordinal);
        Assert.Contains("OpenClaw:Edge:ApiKeys:Pepper", output);
    }

    [Theory]
    [InlineData("test-key")]
    [InlineData("--environment")]
    [InlineData("--environment", "Development", "test-key")]
    [InlineData("-k")]
    public void Run_AKeyOrHalfASettingAsArgument_IsRefused(params string[] arguments)
    {
        (int code, string output, string error) = Run(TestEdge.Pepper, "test-key", arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("standard input", error);
        Assert.DoesNotContain("test-key", error);
    }

    [Fact]
    public void Run_Dash_ReadsStandardInput()
    {
        (int code, string output, _) = Run(TestEdge.Pepper, "test-key\n", "-");

        Assert.Equal((0, SampleHash), (code, output.Trim()));
    }

    [Theory]
    [InlineData("Development", null, "development pepper of appsettings.Development.json, which is public")]
    [InlineData("Development", "another-pepper-of-at-least-32-characters", "from the environment variables")]
    [InlineData("Production", "another-pepper-of-at-least-32-characters", "from the environment variables")]
    public async Task Process_WithAPepper_SaysWhichOnStandardError(string environment, string? pepper, string expected)
    {
        (int code, string output, string error) = await RunProcessAsync(environment, pepper);

        Assert.Equal(0, code);
        Assert.Matches(new Regex("^[0-9a-f]{64}\r?\n$"), output);
        Assert.Contains(expected, error);
        Assert.DoesNotContain(pepper ?? TestEdge.Pepper, error);
    }

    [Fact]
    public async Task Process_ProductionWithoutAPepper_FailsAndNamesTheSetting()
    {
        (int code, string output, string error) = await RunProcessAsync("Production", null);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("OpenClaw:Edge:ApiKeys:Pepper", error);
    }

    private static (int Code, string Output, string Error) Run(string pepper, string input, params string[] arguments)
    {
        StringWriter output = new();
        StringWriter error = new();
        int code = HashKeyCommand.Run(
            arguments,
            _ => new ConfigurationBuilder().AddInMemoryCollection([new("OpenClaw:Edge:ApiKeys:Pepper", pepper)]).Build(),
            new StringReader(input),
            output,
            error);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<(int Code, string Output, string Error)> RunProcessAsync(string environment, string? pepper)
    {
        ProcessStartInfo info = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "OpenClaw.Edge.dll"), "hash-key"])
        {
            WorkingDirectory = Repository.Path("OpenClaw.Edge"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = environment, ["DOTNET_ENVIRONMENT"] = environment },
        };
        if (pepper is not null)
        {
            info.Environment["OpenClaw__Edge__ApiKeys__Pepper"] = pepper;
        }

        using Process process = Process.Start(info)!;
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        await process.StandardInput.WriteLineAsync("test-key");
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
        string output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, output, await error);
    }
}
