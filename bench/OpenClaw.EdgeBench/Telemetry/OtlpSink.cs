using System.Net;

namespace OpenClaw.EdgeBench.Telemetry;

/// <summary>Accepts OTLP exports over HTTP and discards them.</summary>
internal sealed class OtlpSink : IDisposable
{
    private readonly HttpListener _listener = new();
    private long _received;

    public OtlpSink()
    {
        Url = new Uri($"http://127.0.0.1:{Servers.Server.FreePort()}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _ = ReceiveAsync();
    }

    public Uri Url { get; }

    /// <summary>Exports so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                Interlocked.Increment(ref _received);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Stopped, or the exporter disconnected.
            }
        }
    }
}
