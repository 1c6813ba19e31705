using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Overload;

/// <summary>Limits the request line, with 414, and number and size of request headers, with 431, equally for all versions of HTTP. HTTP/2
/// and 3 send each cookie as a separate field, and Kestrel adds 32 bytes to each, where HTTP/1.1 needs two. Over HTTP/2 Kestrel resets the
/// stream of a request with a long path. Kestrel's own limits are therefore wider; they only stop headers without end.</summary>
internal sealed class HeaderLimitMiddleware(RequestDelegate next, IOptions<EdgeOptions> options)
{
    /// <summary>Bytes that Kestrel adds for each field (RFC 9113, 10.5.1), and the name <c>cookie</c>.</summary>
    private const int FieldOverhead = 32 + 6;

    /// <summary>Assumed average size of a cookie. Browsers keep about 180 cookies of a site.</summary>
    private const int CookieBytes = 16;

    /// <summary>Kestrel's buffer for a request, which a request line has to fit into.</summary>
    private const int MaxKestrelLineBytes = 1024 * 1024;

    private readonly int _maxLine = options.Value.Overload.MaxRequestLineBytes - " ".Length - " HTTP/1.1\r\n".Length;
    private readonly int _maxFields = options.Value.Overload.MaxRequestHeaders;
    private readonly int _maxBytes = options.Value.Overload.MaxRequestHeadersBytes;

    /// <summary>Kestrel's limit on fields: the header fields, and the cookies that fit into the allowed bytes.</summary>
    public static int KestrelFields(OverloadOptions options) => options.MaxRequestHeaders + (options.MaxRequestHeadersBytes / CookieBytes);

    /// <summary>Kestrel's limit on bytes: the allowed bytes, and its overhead.</summary>
    public static int KestrelBytes(OverloadOptions options) => options.MaxRequestHeadersBytes + (FieldOverhead * KestrelFields(options));

    /// <summary>Kestrel's limit on a request line.</summary>
    public static int KestrelLineBytes(OverloadOptions options) => Math.Min(2 * options.MaxRequestLineBytes, MaxKestrelLineBytes);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Method.Length + context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > _maxLine)
        {
            context.Response.StatusCode = StatusCodes.Status414UriTooLong;
            return Task.CompletedTask;
        }

        if (IsWithin(context.Request.Headers))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status431RequestHeaderFieldsTooLarge;
        return Task.CompletedTask;
    }

    private bool IsWithin(IHeaderDictionary headers)
    {
        int fields = 0;
        long bytes = 0;
        foreach ((string name, StringValues values) in headers)
        {
            bool isCookie = name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);
            fields += isCookie ? 1 : values.Count;
            bytes += isCookie ? name.Length + 2 : 0;
            foreach (string? value in values)
            {
                // "name: value" or "cookie; ", and the end of the line.
                bytes += Encoding.UTF8.GetByteCount(value ?? "") + (isCookie ? 2 : name.Length + 4);
            }
        }

        return fields <= _maxFields && bytes <= _maxBytes;
    }
}
