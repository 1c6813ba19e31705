using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.DevRedis.Tests;

/// <summary>The server as its users run it: a process of its own, configured by environment variables.</summary>
internal sealed class DevRedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevRedisProcess(int port, int managementPort, string? password, (string Name, string Value)[] settings)
    {
        Port = port;
        Password = password;
        ManagementAddress = new Uri($"http://127.0.0.1:{managementPort}");
        string[] command = [.. WithInterrupt(), "dotnet", "OpenClaw.DevRedis.dll"];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OpenClaw__Management__Port"] = managementPort.ToString();
        start.Environment["Redis__Server"] = "Garnet";
        start.Environment["Redis__Port"] = port.ToString();
        start.Environment["Redis__Password"] = password;
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException($"Exited early: {Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public string? Password { get; }

    public Uri ManagementAddress { get; }

    public string Output => string.Join('\n', _output);

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<DevRedisProcess> StartAsync(string? password = null, params (string Name, string Value)[] settings)
    {
        DevRedisProcess server = new(LoopbackPort.Free(), LoopbackPort.Free(), password, settings);
        try
        {
            await server._started.Task.WaitAsync(StartLimit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that is expected to give up.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(int port, params (string Name, string Value)[] settings)
    {
        await using DevRedisProcess server = new(port, LoopbackPort.Free(), null, settings);
        int exitCode = await server.ExitAsync();
        return (exitCode, server.Output);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectAsync(Password);

    public Task<ConnectionMultiplexer> ConnectAsync(string? password, string? user = null)
    {
        ConfigurationOptions options = new()
        {
            EndPoints = { { IPAddress.Loopback, Port } },
            Password = password,
            User = user,
            ConnectRetry = 0,
            SyncTimeout = 20_000,
            AsyncTimeout = 20_000,
        };
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Sends a signal, and waits for the end.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>What a command begins with so that SIGINT reaches it. A shell without job control has what it starts in the background
    /// ignore SIGINT, the tests among it; an ignored signal is inherited, and .NET leaves it ignored.</summary>
    private static string[] WithInterrupt() => OperatingSystem.IsLinux() && IgnoresInterrupt() ? ["env", "--default-signal=INT"] : [];

    private static bool IgnoresInterrupt()
    {
        const int Interrupt = 2;
        string ignored = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(ignored["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (
            1UL << (Interrupt - 1))) != 0;
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartLimit);
        return _process.ExitCode;
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.Contains("Application started", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }
}
