using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>Where Redis does not answer, the operator gets 503 with the reason. What was sent in time may still have been carried out.</summary>
internal sealed class StoreErrors(RequestDelegate next)
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
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            await WriteAsync(context, $"Redis did not answer; nothing is known to have changed. {exception.Message}");
        }
    }

    private static Task WriteAsync(HttpContext context, string detail) =>
        Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: detail).ExecuteAsync(context);
}
