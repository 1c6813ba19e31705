using System.ComponentModel;
using System.Diagnostics;

namespace OpenClaw.AppHost;

/// <summary>Asks docker or podman.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    /// <summary>Finds the one that answers: the one that <c>ASPIRE_CONTAINER_RUNTIME</c> names, else docker, else podman; null when none does.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" })
        .FirstOrDefault(runtime => Run(runtime, ["info"], Patience) is null);

    /// <summary>Makes sure that an image is there, pulling it if need be, which it says when that takes a while; gives the reason when it cannot be had.</summary>
    public static string? FetchImage(string runtime, string image, TextWriter console) =>
        Run(runtime, ["image", "inspect", image], Patience) is null
            ? null
            : Run(runtime, ["pull", "--quiet", image], PullPatience, () => console.WriteLine($"Pulling {image} with {runtime}, for at most {PullPatience.TotalSeconds} s."));

    /// <summary>Runs a command of the runtime; gives the last line of what it complained when it did not succeed, else null.</summary>
    private static string? Run(string runtime, string[] arguments, TimeSpan patience, Action? onWait = null)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaint = "it says nothing";
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => complaint = string.IsNullOrWhiteSpace(line.Data) ? complaint : line.Data.Trim();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(Moment))
            {
                onWait?.Invoke();
            }

            if (!process.WaitForExit(patience - Moment))
            {
                process.Kill(entireProcessTree: true);
                return $"no answer within {patience.TotalSeconds} s";
            }

            process.WaitForExit();
            return process.ExitCode == 0 ? null : complaint;
        }
        catch (Win32Exception)
        {
            return "it is not installed";
        }
    }
}
