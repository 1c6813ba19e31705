using System.ComponentModel;
using System.Diagnostics;

namespace OpenClaw.AppHost;

/// <summary>A container runtime that answers: docker, podman, or what <c>ASPIRE_CONTAINER_RUNTIME</c> names.</summary>
internal sealed class ContainerRuntime
{
    /// <summary>How long the runtime may hold up the start, all questions together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly long _start;

    private ContainerRuntime(string command, long start)
    {
        Command = command;
        _start = start;
    }

    /// <summary>Name or path of its command.</summary>
    public string Command { get; }

    private TimeSpan Rest => Patience - Stopwatch.GetElapsedTime(_start);

    /// <summary>Finds the one that answers: the one that <c>ASPIRE_CONTAINER_RUNTIME</c> names, else docker, else podman; null when
    /// none does.</summary>
    public static ContainerRuntime? Find()
    {
        var start = Stopwatch.GetTimestamp();
        var candidates = Environment.GetEnvironmentVariable(
            "ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" };
        return candidates.Select(command => new ContainerRuntime(command, start))
            .FirstOrDefault(runtime => runtime.Run(["info"], AnswerPatience) is null);
    }

    /// <summary>Makes sure that an image is there. Pulls it if need be, and says so when that takes a while. A pull that takes longer than
    /// the start may wait goes on until the AppHost ends.</summary>
    /// <returns>Null, or why the image cannot be had.</returns>
    public string? FetchImage(string image, TextWriter console)
    {
        if (Run(["image", "inspect", image], AnswerPatience) is null)
        {
            return null;
        }

        var patience = Rest;
        return Run(["pull", "--quiet", image], patience, goesOn: true, onWait: () =>
            console.WriteLine($"Pulling {image} with {Command}. The start waits for it for at most {patience.TotalSeconds:0} s."));
    }

    /// <summary>Runs a command of the runtime.</summary>
    /// <returns>Null, or the last line on standard error when it did not succeed.</returns>
    private string? Run(string[] arguments, TimeSpan patience, bool goesOn = false, Action? onWait = null)
    {
        Process? process = null;
        var isLeft = false;
        try
        {
            process = Process.Start(
                new ProcessStartInfo(Command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaint = "it says nothing";
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => complaint = string.IsNullOrWhiteSpace(line.Data) ? complaint : line.Data.Trim();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            patience = patience < Rest ? patience : Rest;
            if (!process.WaitForExit(Min(Moment, patience)))
            {
                onWait?.Invoke();
                if (!process.WaitForExit(Max(patience - Moment, TimeSpan.Zero)))
                {
                    isLeft = goesOn;
                    return goesOn
                        ? $"the pull takes more than {patience.TotalSeconds:0} s; it goes on, and the next start uses the image if it has "
                            + "come by then"
                        : $"no answer within {patience.TotalSeconds:0} s";
                }
            }

            process.WaitForExit();
            return process.ExitCode == 0 ? null : complaint;
        }
        catch (Win32Exception)
        {
            return "it is not installed";
        }
        finally
        {
            End(process, isLeft);
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
