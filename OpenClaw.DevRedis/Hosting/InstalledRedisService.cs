using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace OpenClaw.DevRedis.Hosting;

/// <summary>Runs an installed server as a child process while the host runs.</summary>
internal sealed class InstalledRedisService(
    string program, IOptions<DevRedisOptions> options, IHostApplicationLifetime lifetime, ILogger<InstalledRedisService> logger)
    : IHostedService
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<Process> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile string _lastLine = "";

    /// <exception cref="DevRedisStartException">The server exited, or cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DevRedisOptions settings = options.Value;

        // The kernel ends the child when the thread that started it ends, so that thread must live as long as the child.
        new Thread(Run) { IsBackground = true, Name = "Redis" }.Start();
        Process process = await _started.Task;
        await Task.WhenAny(_listening.Task, _exited.Task, Task.Delay(StartTimeout, cancellationToken));
        if (!_listening.Task.IsCompleted)
        {
            string state = _exited.Task.IsCompleted ? "exited" : "is not ready";
            End(process);
            throw new DevRedisStartException(
                $"{program} {state} on {settings.Bind}:{settings.Port}: {_lastLine.TrimEnd('.')}. Stop the program that uses it, or set "
                    + $"{DevRedisOptions.Section}:Port and :Bind to others, or {DevRedisOptions.Section}:Server to Garnet.",
                new IOException(_lastLine));
        }

        Log.InstalledListens(logger, program, settings.Bind, settings.Port, !string.IsNullOrEmpty(settings.Password));
        _ = StopWithChildAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        End(await _started.Task);
        await _exited.Task.WaitAsync(cancellationToken);
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process has already exited.
        }
    }

    private void Run()
    {
        try
        {
            // Linux: makes sure that the server does not outlive this process.
            string? guard = OperatingSystem.IsLinux() ? InstalledRedis.OnPath("setpriv") : null;
            ProcessStartInfo start = new(guard ?? program) { RedirectStandardInput = true, RedirectStandardOutput = true };
            foreach (string argument in guard is null ? ["-"] : (string[])["--pdeathsig", "KILL", program, "-"])
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            WriteConfiguration(process.StandardInput, options.Value);
            _started.SetResult(process);
            while (process.StandardOutput.ReadLine() is { } line)
            {
                _lastLine = line.Length > 0 ? line : _lastLine;
                if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                {
                    _listening.TrySetResult();
                }
            }

            process.WaitForExit();
        }
        catch (Exception exception)
        {
            _started.TrySetException(new DevRedisStartException($"{program} cannot be started: {exception.Message}", exception));
        }
        finally
        {
            _exited.SetResult();
        }
    }

    // On standard input, so that the password does not appear in the process list.
    private static void WriteConfiguration(StreamWriter input, DevRedisOptions settings)
    {
        input.Write($"""
            port {settings.Port}
            bind {settings.Bind}
            save ""
            appendonly no
            dir {Quoted(Path.GetTempPath())}
            maxmemory {settings.MaxMemoryMegabytes}mb
            maxmemory-policy allkeys-lru

            """);
        if (!string.IsNullOrEmpty(settings.Password))
        {
            input.Write($"requirepass {Quoted(settings.Password)}\n");
        }

        input.Close();
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private async Task StopWithChildAsync()
    {
        await _exited.Task;
        if (!_isStopping)
        {
            Log.InstalledExited(logger, program, _lastLine);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }
}
