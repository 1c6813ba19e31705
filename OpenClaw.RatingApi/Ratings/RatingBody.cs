using System.Buffers;
using System.IO.Pipelines;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>Reads a bounded request body whole.</summary>
internal static class RatingBody
{
    /// <returns>The body, or null when it is longer than <paramref name="maxBytes"/>, whether or not it announced its length.</returns>
    /// <exception cref="BadHttpRequestException">The body breaks HTTP, or does not arrive in time.</exception>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            bool tooLarge = read.Buffer.Length > maxBytes;
            if (tooLarge || read.IsCompleted)
            {
                byte[]? body = tooLarge ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
