using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Problems;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OpenClaw.Edge.Proxying;

/// <summary>Adds the request transforms of every route: the original path, and the forwarding headers unless the route sets its
/// own.</summary>
internal sealed class UpstreamRequests(ForwardedHeaders forwarded) : ITransformProvider
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        if (context.UseDefaultForwarders ?? true)
        {
            context.UseDefaultForwarders = false;
            context.AddRequestTransform(forwarded.Append);
        }

        context.AddRequestTransform(SetAddress);
    }

    private static ValueTask SetAddress(RequestTransformContext context)
    {
        HttpRequest request = context.HttpContext.Request;
        if (!RequestTarget.TryGetPath(context.HttpContext, out string raw)
            || !RequestTarget.TryRewrite(raw, request.Path.Value ?? "", context.Path.Value ?? "", out string path))
        {
            ProblemWriter.Write(context.HttpContext, Refusal.AmbiguousPath);
            return ValueTask.CompletedTask;
        }

        ReadOnlySpan<char> prefix = context.DestinationPrefix.AsSpan().TrimEnd('/');
        if (path.Length == 0 && !prefix[(prefix.IndexOf("://") + 3)..].Contains('/'))
        {
            // A transform removed the whole path, and the destination has none.
            path = "/";
        }

        context.ProxyRequest.RequestUri ??= new Uri(string.Concat(prefix, path, context.Query.QueryString.Value), Verbatim);
        return ValueTask.CompletedTask;
    }
}
