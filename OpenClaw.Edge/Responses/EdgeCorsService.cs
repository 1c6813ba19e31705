using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OpenClaw.Edge.Responses;

/// <summary>Adds the edge's CORS headers to a proxied answer. Which origins may read it is the edge's to say, so what the upstream says of
/// that is removed. What the upstream exposes stays: its headers are its own.</summary>
internal sealed class EdgeCorsService(IOptions<CorsOptions> options, ILoggerFactory loggers) : CorsService(options, loggers)
{
    public override void ApplyResult(CorsResult result, HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        // The middleware adds it to every answer.
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

    /// <summary>Both lists in one, each name once. A <c>*</c> of the upstream stays beside the names: to a request with credentials it
    /// exposes nothing, and the names do (Fetch standard, 3.3.3).</summary>
    private static string Merge(StringValues upstream, IEnumerable<string> own)
    {
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        IEnumerable<string> theirs = upstream.SelectMany(line => (line ?? "").Split(',', Options));
        return string.Join(",", own.Concat(theirs).Distinct(StringComparer.OrdinalIgnoreCase));
    }
}
