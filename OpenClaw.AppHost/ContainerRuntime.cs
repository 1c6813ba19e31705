using System.ComponentModel;
using System.Diagnostics;

namespace OpenClaw.AppHost;

/// <summary>A running container runtime: docker, podman, or the command in <c>ASPIRE_CONTAINER_RUNTIME</c>.</summary>
internal sealed class ContainerRuntime
{
    /// <summary>Longest time that all calls of the runtime together may delay the start.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(2);

    private readonly long _start;

    private ContainerRuntime(string command, long start)
    {
        Command = command;
        _start = start;
    }

    /// <summary>Name or path of its command.</summary>
    public string Command { get; }

    private TimeSpan Rest => StartTimeout - Stopwatch.GetElapsedTime(_start);

    /// <summary>Finds a runtime that answers: the one in <c>ASPIRE_CONTAINER_RUNTIME</c>, otherwise docker or podman; null when none
    /// does.</summary>
    public static ContainerRuntime? Find()
    {
        var start = Stopwatch.GetTimestamp();
        var candidates = Environment.GetEnvironmentVariable(
            "ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" };
        return candidates.Select(command => new ContainerRuntime(command, start))
            .FirstOrDefault(runtime => runtime.Run(["info"], CallTimeout) is null);
    }

    /// <summary>Makes sure that the image exists locally. Pulls it if necessary, with a message if that takes a while. A pull that exceeds
    /// the start timeout continues until the AppHost ends.</summary>
    /// <returns>Null, or the reason why the image is not available.</returns>
    public string? FetchImage(string image, TextWriter console)
    {
        if (Run(["image", "inspect", image], CallTimeout) is null)
        {
            return null;
        }

        var timeout = Rest;
        return Run(["pull", "--quiet", image], timeout, continues: true, onWait: () =>
            console.WriteLine($"Pulling {image} with {Command}. The start waits for it for at most {timeout.TotalSeconds:0} s."));
    }

    /// <summary>Runs a command of the runtime.</summary>
    /// <returns>Null, or the last line on standard error if it failed.</returns>
    private string? Run(string[] arguments, TimeSpan timeout, bool continues = false, Action? onWait = null)
    {
        Process? process = null;
        var isContinued = false;
        try
        {
            process = Process.Start(
                new ProcessStartInfo(Command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = "no error message";
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => error = string.IsNullOrWhiteSpace(line.Data) ? error : line.Data.Trim();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            timeout = timeout < Rest ? timeout : Rest;
            if (!process.WaitForExit(Min(NoticeDelay, timeout)))
            {
                onWait?.Invoke();
                if (!process.WaitForExit(Max(timeout - NoticeDelay, TimeSpan.Zero)))
                {
                    isContinued = continues;
                    return continues
                        ? $"the pull takes more than {timeout.TotalSeconds:0} s; it continues, and the next start uses the image if it is "
                            + "complete by then"
                        : $"no answer within {timeout.TotalSeconds:0} s";
                }
            }

            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (Win32Exception)
        {
            return "it is not installed";
        }
        finally
        {
            End(process, isContinued);
        }
    }

    private static void End(Process? process, bool later)
    {
        if (later)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => End(process, later: false);
            return;
        }

        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
        }

        process?.Dispose();
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
