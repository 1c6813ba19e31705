using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenClaw.DevRedis.Hosting;

namespace OpenClaw.DevRedis.Health;

/// <summary>Healthy when the server answers PING over a client connection.</summary>
internal sealed class PingHealthCheck(IOptions<DevRedisOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DevRedisOptions settings = options.Value;
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(new IPEndPoint(Reachable(IPAddress.Parse(settings.Bind)), settings.Port), cancellationToken);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Command("AUTH", settings.Password) + Command("PING")), cancellationToken);

            using StreamReader reader = new(stream);
            string? answer;
            do
            {
                answer = await reader.ReadLineAsync(cancellationToken);
            }
            while (answer == "+OK");
            return answer == "+PONG" ? HealthCheckResult.Healthy() : new(
                context.Registration.FailureStatus, $"PING got the reply: {answer}");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new(context.Registration.FailureStatus, e.Message, e);
        }
    }

    private static IPAddress Reachable(IPAddress bind) =>
        bind.Equals(IPAddress.Any) ? IPAddress.Loopback : bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bind;

    /// <summary>A command in RESP; empty when an argument is missing.</summary>
    private static string Command(params string?[] parts) => parts.Any(string.IsNullOrEmpty)
        ? ""
        : $"*{parts.Length}\r\n{string.Concat(parts.Select(part => $"${Encoding.UTF8.GetByteCount(part!)}\r\n{part}\r\n"))}";
}
