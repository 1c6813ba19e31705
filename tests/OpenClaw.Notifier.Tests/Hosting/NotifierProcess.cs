using System.Collections.Concurrent;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A notifier in a process of its own, which can be killed.</summary>
internal sealed class NotifierProcess : IDisposable
{
    private readonly ChildProcess _process;

    private NotifierProcess(ChildProcess process, ConcurrentQueue<string> output)
    {
        _process = process;
        Output = output;
    }

    public ConcurrentQueue<string> Output { get; }

    public static async Task<NotifierProcess> StartAsync(
        string connection, string folder, IReadOnlyDictionary<string, string>? environment = null, params string[] settings)
    {
        ConcurrentQueue<string> output = new();
        string program = Path.Combine(AppContext.BaseDirectory, "OpenClaw.Notifier.dll");
        ChildProcess process = await ChildProcess.StartAsync(
            RedisBinary.OnPath("dotnet") ?? Environment.ProcessPath!,
            ["exec", program, .. TestSettings.Arguments(connection, folder, settings)],
            AppContext.BaseDirectory,
            environment,
            output.Enqueue);
        return new NotifierProcess(process, output);
    }

    /// <summary>Waits until it works.</summary>
    public Task StartedAsync() => Poll.UntilAsync(
        () => $"the notifier has started: {string.Join('\n', Output)}",
        () => Output.Any(line => line.Contains("Application started", StringComparison.Ordinal)),
        TimeSpan.FromSeconds(60));

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        _process.Signal("TERM");
        await Poll.UntilAsync("the notifier has ended", () => _process.HasExited, TimeSpan.FromSeconds(20));
    }

    public void Dispose() => _process.Dispose();
}
