using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>An upstream that answers every request with the same bytes, which need not be HTTP.</summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _answer;
    private readonly bool _closes;

    /// <param name="answer">The answer, in Latin-1.</param>
    /// <param name="closes">Whether to close the connection after it; else it stays open and silent.</param>
    public RawUpstream(string answer, bool closes)
    {
        _answer = Encoding.Latin1.GetBytes(answer);
        _closes = closes;
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        CancellationToken stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            _ = AnswerAsync(await _listener.AcceptTcpClientAsync(stopping), stopping);
        }
    }

    private async Task AnswerAsync(TcpClient accepted, CancellationToken stopping)
    {
        using TcpClient client = accepted;
        NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(stopping) is { Length: > 0 })
        {
        }

        await stream.WriteAsync(_answer, stopping);
        if (!_closes)
        {
            await Task.Delay(Timeout.Infinite, stopping);
        }
    }
}
