using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpenClaw.EdgeBench.Servers;

/// <summary>A server process on a free loopback port, stopped when disposed.</summary>
internal sealed partial class Server : IDisposable
{
    private const int LogLines = 30;
    private const int SigTerm = 15;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private bool _disposed;

    private Server(string name, int port, Process process)
    {
        Name = name;
        Port = port;
        ManagementUrl = Url;
        _process = process;
    }

    public string Name { get; }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Address of probes and metrics; the same for servers without a separate port.</summary>
    public Uri ManagementUrl { get; set; }

    /// <summary>Process id, for signals and Linux's accounting.</summary>
    public int Id => _process.Id;

    /// <summary>Timestamp taken just before the process was started.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Processor time of the server and its child processes since they started.</summary>
    public TimeSpan CpuTime => ProcessTree.CpuTime(_process.Id);

    /// <summary>Starts a process that listens on <paramref name="port"/>, and waits until it does.</summary>
    /// <exception cref="InvalidOperationException">It ended or did not listen in time; the message has its last output.</exception>
    public static async Task<Server> StartAsync(
        string name, int port, string fileName, IEnumerable<string> arguments, string workingDirectory,
        IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        Process process = new() { StartInfo = start };
        Server server = new(name, port, process);
        process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server.StartedAt = Stopwatch.GetTimestamp();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilListeningAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A free loopback port.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends SIGTERM, so that servers with child processes can end them properly.</summary>
    public void AskToStop() => Signal(SigTerm);

    /// <summary>Sends a signal, unless the process has ended.</summary>
    public void Signal(int number)
    {
        if (!_disposed && !_process.HasExited)
        {
            _ = SendSignal(_process.Id, number);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.WaitForExit(StopDeadline))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < StartDeadline)
            {
                await Task.Delay(Pause, cancellationToken);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException(
                    $"{Name} {(_process.HasExited ? $"ended with code {_process.ExitCode}" : "did not listen in time")}. Its last output:"
                    + Environment.NewLine + string.Join(Environment.NewLine, _log));
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        while (_log.Count > LogLines)
        {
            _log.TryDequeue(out _);
        }
    }
}
