using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OpenClaw.Edge.Responses;

/// <summary>Adds the edge's CORS headers to a proxied response. The edge decides which origins may read it and removes the upstream's
/// headers for that. The headers that the upstream exposes are kept.</summary>
internal sealed class EdgeCorsService(IOptions<CorsOptions> options, ILoggerFactory loggers) : CorsService(options, loggers)
{
    public override void ApplyResult(CorsResult result, HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        // EdgeCors adds Vary to every response.
        result.VaryByOrigin = false;
        headers.Remove(HeaderNames.AccessControlAllowOrigin);
        headers.Remove(HeaderNames.AccessControlAllowCredentials);
        StringValues upstream = headers.AccessControlExposeHeaders;
        base.ApplyResult(result, response);
        if (!StringValues.IsNullOrEmpty(upstream) && result is { IsOriginAllowed: true, IsPreflightRequest: false })
        {
            headers.AccessControlExposeHeaders = Merge(upstream, result.AllowedExposedHeaders);
        }
    }

    /// <summary>Merges both lists, each name once. Keeps the upstream's <c>*</c> beside the names: for requests with credentials <c>*</c>
    /// exposes nothing, but the names do (Fetch standard, 3.3.3).</summary>
    private static string Merge(StringValues upstream, IEnumerable<string> own)
    {
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        IEnumerable<string> theirs = upstream.SelectMany(line => (line ?? "").Split(',', Options));
        return string.Join(",", own.Concat(theirs).Distinct(StringComparer.OrdinalIgnoreCase));
    }
}
