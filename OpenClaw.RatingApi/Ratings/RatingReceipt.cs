namespace OpenClaw.RatingApi.Ratings;

/// <summary>The answer to an accepted rating. The payload is the request's body, byte for byte, so nothing is serialized.</summary>
internal sealed class RatingReceipt(ReadOnlyMemory<byte> payload) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ReadOnlySpan<byte> head = """{"status":"rating recorded","payload":"""u8;
        HttpResponse response = httpContext.Response;
        int length = head.Length + payload.Length + 1;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;

        Span<byte> body = response.BodyWriter.GetSpan(length);
        head.CopyTo(body);
        payload.Span.CopyTo(body[head.Length..]);
        body[length - 1] = (byte)'}';
        response.BodyWriter.Advance(length);
        return response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
    }
}
