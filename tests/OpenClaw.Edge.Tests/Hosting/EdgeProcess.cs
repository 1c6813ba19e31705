using System.Diagnostics;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>The edge as a separate process without limits.</summary>
internal sealed class EdgeProcess : IDisposable
{
    private readonly Process _process;

    private EdgeProcess(Process process, Uri address, Uri management)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        Management = new HttpClient { BaseAddress = management, Timeout = TimeSpan.FromSeconds(20) };
    }

    public HttpClient Client { get; }

    /// <summary>A client of the management listener.</summary>
    public HttpClient Management { get; }

    public static async Task<EdgeProcess> StartAsync(string redis, string upstream)
    {
        Uri address = new($"http://127.0.0.1:{LoopbackPort.Free()}");
        Uri management = new($"http://127.0.0.1:{LoopbackPort.Free()}");
        Process process = Start(
            ("ASPNETCORE_URLS", address.ToString()),
            ("ConnectionStrings__redis", redis),
            ("ReverseProxy__Clusters__rating-api__Destinations__rating-api__Address", upstream),
            ("OpenClaw__Management__Port", $"{management.Port}"),
            ("OpenClaw__Edge__Allow__Networks__0", "127.0.0.0/8"),
            ("OpenClaw__Edge__Limiter__KeyPrefix", "drain:"),
            ("OpenClaw__Edge__RedisRules__Enabled", "false"),
            ("OpenClaw__Edge__Drain__Delay", "00:00:01"),
            ("OpenClaw__Edge__Drain__Timeout", "00:00:20"));
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        EdgeProcess edge = new(process, address, management);
        await Poll.UntilAsync(
            "the edge is ready", async () => (await edge.Management.GetAsync("/health")).IsSuccessStatusCode, TimeSpan.FromSeconds(30));
        return edge;
    }

    /// <summary>Runs an edge that cannot start, and returns what it writes to standard error.</summary>
    public static async Task<(int ExitCode, string Error)> FailAsync(params (string Name, string Value)[] environment)
    {
        using Process process = Start(environment);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        try
        {
            string error = await process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException("The edge started, or takes longer than 30 s to find out that it cannot.");
        }
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    private static Process Start(params (string Name, string Value)[] environment)
    {
        ProcessStartInfo info = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "OpenClaw.Edge.dll")])
        {
            WorkingDirectory = Repository.Path("OpenClaw.Edge"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment.Prepend(("ASPNETCORE_ENVIRONMENT", "Development")))
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        Client.Dispose();
        Management.Dispose();
        _process.Dispose();
    }
}
