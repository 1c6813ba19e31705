using System.Text.Json;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>Tells the operator why. Where Redis does not answer it is 503, and what was sent in time may still have been carried out; where a request cannot be read, 400
/// with what in it.</summary>
internal sealed class AdminErrors(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (RateLimitStoreException exception)
        {
            await WriteAsync(context, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(context, exception.InnerException is JsonException json ? json.Message : exception.Message, exception.StatusCode);
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            await WriteAsync(context, $"Redis did not answer; nothing is known to have changed. {exception.Message}");
        }
    }

    private static Task WriteAsync(HttpContext context, string detail, int status = StatusCodes.Status503ServiceUnavailable) =>
        Results.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
