using System.Net.Sockets;

namespace OpenClaw.TestServers;

/// <summary>A real <c>redis-server</c> on a free loopback port, with a folder of its own. Disposing kills it and removes the
/// folder.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly RedisServerOptions _options;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _mode;
    private ChildProcess? _process;

    private RedisServer(RedisServerOptions options, IReadOnlyList<string> mode)
    {
        _options = options;
        _mode = mode;
        _folder = Directory.CreateTempSubdirectory("openclaw-redis-").FullName;
        Port = LoopbackPort.Free();
    }

    /// <summary>The port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:port</c>, with the password when there is one: a StackExchange.Redis configuration string.</summary>
    public string ConnectionString => _options.Password is null ? EndPoint : $"{EndPoint},password={_options.Password}";

    /// <summary><c>127.0.0.1:port</c></summary>
    public string EndPoint => $"127.0.0.1:{Port}";

    /// <summary>Starts a server and waits until it answers.</summary>
    public static Task<RedisServer> StartAsync(RedisServerOptions? options = null) => StartAsync(options ?? new(), mode: []);

    /// <summary>Runs one command on a connection of its own and returns the reply as text.</summary>
    /// <exception cref="RespException">The server answered with an error.</exception>
    public async Task<string> ExecuteAsync(params IReadOnlyList<string> command)
    {
        await using RespClient client = await RespClient.ConnectAsync(Port, _options.Password);
        return await client.ExecuteAsync(command);
    }

    /// <summary>Closes all connections and refuses new ones ("max number of clients reached") until what is returned is disposed.</summary>
    public async Task<IAsyncDisposable> RefuseConnectionsAsync()
    {
        RespClient only = await RespClient.ConnectAsync(Port, _options.Password);
        string before = (await only.ExecuteAsync("CONFIG", "GET", "maxclients")).Split('\n')[1];
        await only.ExecuteAsync("CONFIG", "SET", "maxclients", "1");
        await only.ExecuteAsync("CLIENT", "KILL", "SKIPME", "yes");
        return new Refusal(only, before);
    }

    /// <summary>SIGKILL (kill -9): the connections are reset at once.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>SIGSTOP: connections stay open and nothing answers.</summary>
    public void Pause() => _process!.Signal("STOP");

    /// <summary>SIGCONT, after <see cref="Pause"/>.</summary>
    public void Resume() => _process!.Signal("CONT");

    /// <summary>Kills the server if it still runs and starts it again on the same port.</summary>
    /// <param name="arguments">Further arguments for this run only.</param>
    /// <param name="waitUntilReady">Return only when it answers; false returns as soon as the process runs.</param>
    public async Task RestartAsync(IReadOnlyList<string>? arguments = null, bool waitUntilReady = true)
    {
        _process!.Dispose();
        await LaunchAsync(arguments ?? []);
        if (waitUntilReady)
        {
            await WaitUntilReadyAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a server; <paramref name="mode"/> is <c>["--sentinel"]</c> for a Sentinel, which needs its options in its
    /// file.</summary>
    internal static async Task<RedisServer> StartAsync(RedisServerOptions options, IReadOnlyList<string> mode)
    {
        for (int attempt = 1; ; attempt++)
        {
            RedisServer server = new(options, mode);
            try
            {
                await server.LaunchAsync([]);
                await server.WaitUntilReadyAsync();
                return server;
            }
            catch (Exception) when (attempt < 3)
            {
                // Another process took the port in between: try the next one.
                await server.DisposeAsync();
            }
            catch (Exception exception)
            {
                string log = server.ReadLog();
                await server.DisposeAsync();
                throw new InvalidOperationException(
                    $"redis-server did not start: {exception.Message}{Environment.NewLine}{log}", exception);
            }
        }
    }

    private async Task LaunchAsync(IReadOnlyList<string> arguments)
    {
        string program = RedisBinary.Path
            ?? throw new InvalidOperationException("There is no redis-server: call Requires.RedisServer() first.");
        string configuration = Path.Combine(_folder, "redis.conf");
        if (!File.Exists(configuration))
        {
            await File.WriteAllTextAsync(configuration, "");
        }

        List<string> all = [configuration, .. _mode, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--logfile", LogPath,
            "--daemonize", "no"];
        if (_mode.Count == 0)
        {
            all.AddRange(["--save", "", "--appendonly", _options.Persistent ? "yes" : "no", "--enable-debug-command", "local"]);
            Add("--requirepass", _options.Password);
            Add("--masterauth", _options.Password);
            Add("--maxmemory", _options.MaxMemory);
            Add("--maxclients", _options.MaxClients?.ToString());
        }

        all.AddRange(_options.Arguments);
        all.AddRange(arguments);
        _process = await ChildProcess.StartAsync(program, all, _folder);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                all.AddRange([name, value]);
            }
        }
    }

    private Task WaitUntilReadyAsync() => Poll.UntilAsync($"redis-server answers on port {Port}", async () =>
    {
        try
        {
            return await ExecuteAsync("PING") == "PONG";
        }
        catch (SocketException) when (_process!.HasExited)
        {
            throw new InvalidOperationException("The process ended.");
        }
    }, StartLimit);

    private string LogPath => Path.Combine(_folder, "redis.log");

    private string ReadLog() => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "(no log)";

    private sealed class Refusal(RespClient only, string maxClients) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await only.ExecuteAsync("CONFIG", "SET", "maxclients", maxClients);
            await only.DisposeAsync();
        }
    }
}
