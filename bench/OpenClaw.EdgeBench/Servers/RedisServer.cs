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

    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="processors">The processors that it is bound to, as <c>taskset</c> names them; null for all.</param>
    /// <param name="port">Port; null for any free one.</param>
    /// <param name="options">Further options of redis-server.</param>
    public static async Task<RedisServer> StartAsync(
        CancellationToken cancellationToken, string? processors = null, int? port = null, params string[] options)
    {
        int at = port ?? Server.FreePort();
        string[] command = [.. DotNetServer.BoundTo(processors), "redis-server"];
        string[] arguments = [.. command[1..], "--port", $"{at}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. options];
        return new RedisServer(
            await Server.StartAsync("redis-server", at, command[0], arguments, Path.GetTempPath(), [], cancellationToken));
    }

    /// <summary>Sends a command and returns the reply unchanged.</summary>
    public async Task<string> SendAsync(string command, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Server.Port, cancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n"), cancellationToken);
        using StreamReader reader = new(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Calls of EVAL, EVALSHA, FCALL and their read-only forms since the server started, and the time they took.</summary>
    public async Task<ScriptCalls> ScriptCallsAsync(CancellationToken cancellationToken)
    {
        string text = await SendAsync("INFO commandstats", cancellationToken);
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
