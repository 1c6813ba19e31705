using System.Diagnostics;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Runs a program and keeps its output.</summary>
internal static class Tool
{
    /// <summary>A program's exit code and output.</summary>
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        public string Successful() => ExitCode == 0 ? Output : throw new InvalidOperationException(ToString());

        /// <summary>The output of a success; the exit code and all output of a failure.</summary>
        public override string ToString() => ExitCode == 0 ? Output.Trim() : $"exit code {ExitCode}: {Error}{Output}";
    }

    /// <summary>Skips the test when the program is not installed; fails it where CI=true.</summary>
    public static void Require(string program, string install)
    {
        if (Find(program) is null)
        {
            Missing($"This test needs {program} on the PATH ({install}).");
        }
    }

    /// <summary>Skips the test for want of something; fails it where CI=true.</summary>
    public static void Missing(string message)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
    }

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs to the end, at most <paramref name="seconds"/>.</summary>
    public static async Task<Result> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null,
            int seconds = 120)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        using Process process = Process.Start(info)!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(seconds));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Result(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {seconds} s");
        }
    }
}
