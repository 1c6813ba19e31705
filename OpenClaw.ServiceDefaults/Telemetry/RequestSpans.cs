using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>The server spans of requests. A sampler decides before the outcome is known. Refusals and errors that it did not sample can
/// still be recorded here, at separate rates, but only the server span: its child spans do not exist.</summary>
public sealed class RequestSpans
{
    /// <summary>The tag of a span that was recorded for its outcome: <c>refusal</c> or <c>error</c>.</summary>
    public const string RecordedForTag = "openclaw.trace.recorded_for";

    private static readonly Skipped Marker = new();

    private readonly RateGate? _refusals;
    private readonly RateGate? _errors;

    /// <param name="options">The rates; null when the sampler alone decides.</param>
    /// <param name="time">The clock.</param>
    internal RequestSpans(TracingOptions? options, TimeProvider time)
    {
        if (options is not null)
        {
            _refusals = new RateGate(options.RefusalRate, time);
            _errors = new RateGate(options.ErrorRate, time);
        }
    }

    /// <summary>Finds the span of a request, to describe it.</summary>
    /// <returns>The span; null when it is not recorded.</returns>
    public Activity? Find(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? span : null;

    /// <summary>Finds the span of a request, and records it if the rate allows. Repeated calls for a request give the same
    /// result.</summary>
    /// <returns>The span; null when it is not recorded.</returns>
    public Activity? FindOrRecord(HttpContext context, SpanReason reason)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span)
        {
            return null;
        }

        if (span.IsAllDataRequested)
        {
            return span;
        }

        if ((reason == SpanReason.Refusal ? _refusals : _errors) is not { } gate || context.Features.Get<Skipped>() is not null)
        {
            return null;
        }

        if (!gate.TryPass())
        {
            context.Features.Set(Marker);
            return null;
        }

        Record(span, context.Request, reason);
        return span;
    }

    // Sets what the instrumentation sets when a recorded request starts. It adds the rest when the request ends.
    private static void Record(Activity span, HttpRequest request, SpanReason reason)
    {
        span.IsAllDataRequested = true;
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        span.SetTag(RecordedForTag, reason == SpanReason.Refusal ? "refusal" : "error");
        span.SetTag("server.address", request.Host.Host);
        if (request.Host.Port is { } port)
        {
            span.SetTag("server.port", port);
        }

        string method = KnownMethod(request.Method);
        span.SetTag("http.request.method", method);
        if (method != request.Method)
        {
            span.SetTag("http.request.method_original", request.Method);
        }

        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", (request.PathBase + request.Path).Value);
        span.SetTag("network.protocol.version", VersionOf(request.Protocol));
        span.SetTag("user_agent.original", (string?)request.Headers.UserAgent);
    }

    private static string VersionOf(string protocol) =>
        HttpProtocol.IsHttp3(protocol) ? "3" : HttpProtocol.IsHttp2(protocol) ? "2" : HttpProtocol.IsHttp10(protocol) ? "1.0" : "1.1";

    private static string KnownMethod(string method) => HttpMethods.GetCanonicalizedValue(method) switch
    {
        var known and ("GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "OPTIONS" or "PATCH" or "TRACE" or "CONNECT") => known,
        _ => "_OTHER",
    };

    /// <summary>Marks a request that exceeded the rate.</summary>
    private sealed class Skipped;
}
