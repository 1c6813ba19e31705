using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenClaw.TestServers;

/// <summary>A server process that never outlives the tests: killed by its pid on dispose, and by the kernel when the test process dies
/// first.</summary>
internal sealed class ChildProcess : IDisposable
{
    // The kernel's parent-death signal follows the thread that forked, not the process, and pool threads come and go.
    // Every child is therefore started by one thread that lives as long as the process.
    private static readonly BlockingCollection<(
        ProcessStartInfo Info, Action<string>? OnLine, TaskCompletionSource<Process> Started)> Launches = StartLauncher();
    private static readonly string? SetPriv = RedisBinary.OnPath("setpriv");

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program. Its output is read and thrown away, unless <paramref name="onLine"/> takes it, lines of standard error
    /// included.</summary>
    public static async Task<ChildProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        string workingDirectory,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onLine = null)
    {
        ProcessStartInfo info = new(SetPriv ?? program)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = onLine is not null,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        foreach (string argument in SetPriv is null ? arguments : ["--pdeathsig", "KILL", program, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Launches.Add((info, onLine, started));
        return new ChildProcess(await started.Task);
    }

    /// <summary>SIGKILL, and wait until the process is gone.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString()]);
        kill.WaitForExit();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"kill -{name} {_process.Id} failed with exit code {kill.ExitCode}.");
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static BlockingCollection<(ProcessStartInfo, Action<string>?, TaskCompletionSource<Process>)> StartLauncher()
    {
        BlockingCollection<(ProcessStartInfo Info, Action<string>? OnLine, TaskCompletionSource<Process> Started)> launches = [];
        Thread launcher = new(() =>
        {
            foreach ((
                ProcessStartInfo info, Action<string>? onLine, TaskCompletionSource<Process> started) in launches.GetConsumingEnumerable())
            {
                try
                {
                    Process process = Process.Start(info)!;
                    DataReceivedEventHandler receive = (_, line) =>
                    {
                        if (line.Data is not null)
                        {
                            onLine?.Invoke(line.Data);
                        }
                    };
                    process.OutputDataReceived += receive;
                    process.ErrorDataReceived += receive;
                    process.BeginOutputReadLine();
                    if (info.RedirectStandardError)
                    {
                        process.BeginErrorReadLine();
                    }

                    started.SetResult(process);
                }
                catch (Exception exception)
                {
                    started.SetException(exception);
                }
            }
        })
        { IsBackground = true, Name = "Test server launcher" };
        launcher.Start();
        return launches;
    }
}
