using System.ComponentModel;
using System.Diagnostics;

namespace OpenClaw.AppHost;

/// <summary>Asks docker or podman.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(40);

    /// <summary>Finds the one that answers: the one that <c>ASPIRE_CONTAINER_RUNTIME</c> names, else docker, else podman; null when none does.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" })
        .FirstOrDefault(runtime => Run(runtime, ["info"], Patience) is null);

    /// <summary>Makes sure that an image is there, pulling it if need be; gives the reason when it cannot be had.</summary>
    public static string? FetchImage(string runtime, string image)
    {
        if (Run(runtime, ["image", "inspect", image], Patience) is null)
        {
            return null;
        }

        Console.WriteLine($"Pulling {image} with {runtime}, once, for at most {PullPatience.TotalSeconds} s.");
        return Run(runtime, ["pull", "--quiet", image], PullPatience);
    }

    /// <summary>Runs a command of the runtime; gives the last line of what it complained when it did not succeed, else null.</summary>
    private static string? Run(string runtime, string[] arguments, TimeSpan patience)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaint = "it says nothing";
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => complaint = string.IsNullOrWhiteSpace(line.Data) ? complaint : line.Data.Trim();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(patience))
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
