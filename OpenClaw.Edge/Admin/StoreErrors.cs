using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>A change that Redis did not take is 503 with the reason: the operator must know that nothing happened.</summary>
internal sealed class StoreErrors(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is RateLimitStoreException or RedisException or TimeoutException)
        {
            await Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: $"Redis did not answer, nothing was changed: {exception.Message}")
                .ExecuteAsync(context);
        }
    }
}
