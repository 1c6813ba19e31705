using System.Buffers;

namespace OpenClaw.Edge.Proxying;

/// <summary>Copies streaming responses with their own idle timeout. YARP applies one activity timeout to all responses, and a request does
/// not show that its response will be a stream.</summary>
internal static class EventStream
{
    private const int BufferSize = 16 * 1024;

    private static readonly string[] Types =
    [
        "text/event-stream", "application/x-ndjson", "application/jsonl", "application/json-seq", "application/stream+json",
        "multipart/x-mixed-replace",
    ];

    public static bool Is(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is { } type
        && (Types.Contains(type, StringComparer.OrdinalIgnoreCase) || ConnectStream.Is(type));

    /// <summary>Sends the headers at once and each chunk as it arrives. Aborts the connection when the stream is idle for too long or ends
    /// prematurely.</summary>
    public static async ValueTask CopyAsync(HttpContext context, HttpResponseMessage response, TimeSpan idle)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            silence.CancelAfter(idle);
            await context.Response.Body.FlushAsync(silence.Token);
            await using Stream body = await response.Content.ReadAsStreamAsync(silence.Token);
            while (await body.ReadAsync(buffer, silence.Token) is var read and > 0)
            {
                silence.CancelAfter(idle);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), silence.Token);
                silence.CancelAfter(idle);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
