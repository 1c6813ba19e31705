using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Proxying;

/// <summary>Answers 400, without a charge, to proxied requests whose path the upstream could read differently from the edge.</summary>
internal sealed class PathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is null || RequestTarget.TryGetPath(context, out _))
        {
            return next(context);
        }

        ProblemWriter.Write(context, Refusal.AmbiguousPath);
        return Task.CompletedTask;
    }
}
