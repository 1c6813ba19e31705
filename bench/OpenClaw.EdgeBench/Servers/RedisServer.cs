using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.EdgeBench.Servers;

/// <summary>A redis-server without persistence, and its command statistics.</summary>
internal sealed partial class RedisServer(Server server)
{
    public Server Server { get; } = server;

    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        int port = Server.FreePort();
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        return new RedisServer(await Server.StartAsync("redis-server", port, "redis-server", arguments, Path.GetTempPath(), [], cancellationToken));
    }

    /// <summary>Calls of EVAL, EVALSHA, FCALL and their read-only forms since the server started, and the time they took.</summary>
    public async Task<ScriptCalls> ScriptCallsAsync(CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Server.Port, cancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("INFO commandstats\r\nQUIT\r\n"u8.ToArray(), cancellationToken);
        using StreamReader reader = new(stream, Encoding.ASCII);
        string text = await reader.ReadToEndAsync(cancellationToken);

        long calls = 0, micros = 0;
        foreach (Match match in ScriptStatistics().Matches(text))
        {
            calls += long.Parse(match.Groups["calls"].Value, CultureInfo.InvariantCulture);
            micros += long.Parse(match.Groups["micros"].Value, CultureInfo.InvariantCulture);
        }

        return new ScriptCalls(calls, micros);
    }

    [GeneratedRegex(@"cmdstat_(eval|evalsha|fcall)(_ro)?:calls=(?<calls>\d+),usec=(?<micros>\d+)")]
    private static partial Regex ScriptStatistics();
}
