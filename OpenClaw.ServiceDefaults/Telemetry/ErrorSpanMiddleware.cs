using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Records the span of a request that fails in any middleware.</summary>
internal sealed class ErrorSpanMiddleware(RequestDelegate next, RequestSpans spans)
{
    public Task InvokeAsync(HttpContext context)
    {
        Task rest;
        try
        {
            rest = next(context);
        }
        catch
        {
            Record(context);
            throw;
        }

        if (!rest.IsCompletedSuccessfully)
        {
            return WaitAsync(context, rest);
        }

        RecordError(context);
        return rest;
    }

    private async Task WaitAsync(HttpContext context, Task rest)
    {
        try
        {
            await rest;
        }
        catch
        {
            Record(context);
            throw;
        }

        RecordError(context);
    }

    private void RecordError(HttpContext context)
    {
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Record(context);
        }
    }

    // A client that disconnects is not an error.
    private void Record(HttpContext context)
    {
        if (!context.RequestAborted.IsCancellationRequested)
        {
            spans.FindOrRecord(context, SpanReason.Error);
        }
    }

    /// <summary>Puts the middleware before all others.</summary>
    internal sealed class First : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<ErrorSpanMiddleware>();
            next(app);
        };
    }
}
