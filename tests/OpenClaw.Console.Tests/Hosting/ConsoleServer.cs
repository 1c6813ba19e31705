using System.Collections.Concurrent;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>The console as a process of its own.</summary>
internal sealed class ConsoleServer : IDisposable
{
    /// <summary>The console's project.</summary>
    public static readonly string SourceFolder = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "OpenClaw.Console"));

    private readonly Dictionary<string, string> _environment;
    private ChildProcess? _process;

    private ConsoleServer(int port, Dictionary<string, string> environment)
    {
        Address = $"http://127.0.0.1:{port}";
        _environment = environment;
    }

    public string Address { get; }

    /// <summary>What it wrote to standard output and error.</summary>
    public ConcurrentQueue<string> Output { get; } = new();

    public bool HasExited => _process is { HasExited: true };

    /// <summary>Starts the console. It answers when this returns.</summary>
    /// <param name="edge">Address of the edge.</param>
    /// <param name="settings">Settings besides.</param>
    public static async Task<ConsoleServer> StartAsync(string edge, params (string Name, string Value)[] settings)
    {
        ConsoleServer server = Create(edge, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts a console that is not waited for.</summary>
    public static async Task<ConsoleServer> LaunchAsync(string edge, params (string Name, string Value)[] settings)
    {
        ConsoleServer server = Create(edge, settings);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts it again after <see cref="Kill"/>.</summary>
    public async Task StartAsync()
    {
        await LaunchAsync();
        using HttpClient http = new();
        await Poll.UntilAsync(
            () => $"the console answers; it wrote:\n{string.Join('\n', Output)}",
            () => http.GetAsync($"{Address}/sign-in").GetAwaiter().GetResult().IsSuccessStatusCode,
            TimeSpan.FromSeconds(30));
    }

    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    public void Dispose() => Kill();

    private static ConsoleServer Create(string edge, (string Name, string Value)[] settings)
    {
        int port = LoopbackPort.Free();
        Dictionary<string, string> environment = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["OpenClaw__Management__Port"] = "0",
            ["OpenClaw__Console__Edge"] = edge,
            ["OpenClaw__Console__AdminKey"] = Fakes.FakeEdge.Key,
        };
        foreach ((string name, string value) in settings)
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new ConsoleServer(port, environment);
    }

    private async Task LaunchAsync()
    {
        DirectoryInfo output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(SourceFolder, "bin", output.Parent!.Name, output.Name);
        _process = await ChildProcess.StartAsync("dotnet", ["exec", Path.Combine(folder, "OpenClaw.Console.dll")], folder, _environment,
            Output.Enqueue);
    }
}
