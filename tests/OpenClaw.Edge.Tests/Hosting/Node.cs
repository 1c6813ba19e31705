using System.Diagnostics;
using System.Text.Json;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>Scripts of the folder <c>node</c>, whose packages are installed once.</summary>
internal static class Node
{
    private static readonly string Folder = Repository.Path("tests", "OpenClaw.Edge.Tests", "node");

    private static readonly Lazy<Task> Packages = new(InstallAsync);

    /// <summary>Runs a script that answers each line with one of JSON.</summary>
    public static async Task<JsonElement[]> RunAsync(string script, string[] lines)
    {
        await Packages.Value;
        string output = await RunAsync("node", [script], lines);
        JsonElement[] answers = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.Equal(lines.Length, answers.Length);
        return answers;
    }

    private static async Task InstallAsync()
    {
        string[] packages = ["structured-headers", "ratelimit-header-parser"];
        if (!packages.All(package => Directory.Exists(Path.Combine(Folder, "node_modules", package))))
        {
            await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], []);
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string[] input)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        foreach (string line in input)
        {
            await process.StandardInput.WriteLineAsync(line);
        }

        process.StandardInput.Close();
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return await output;
    }
}
