using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Overload;

/// <summary>Limits number and size of request headers, equally for all versions of HTTP, with 431. HTTP/2 and 3 send each cookie as a
/// separate field, and Kestrel adds 32 bytes to each, where HTTP/1.1 needs two. Kestrel's own limits are therefore wider; they only stop
/// headers without end.</summary>
internal sealed class HeaderLimitMiddleware(RequestDelegate next, IOptions<EdgeOptions> options)
{
    /// <summary>Bytes that Kestrel adds for each field (RFC 9113, 10.5.1), and the name <c>cookie</c>.</summary>
    private const int FieldOverhead = 32 + 6;

    /// <summary>Assumed average size of a cookie. Browsers keep about 180 cookies of a site.</summary>
    private const int CookieBytes = 16;

    private readonly int _maxFields = options.Value.Overload.MaxRequestHeaders;
    private readonly int _maxBytes = options.Value.Overload.MaxRequestHeadersBytes;

    /// <summary>Kestrel's limit on fields: the header fields, and the cookies that fit into the allowed bytes.</summary>
    public static int KestrelFields(OverloadOptions options) => options.MaxRequestHeaders + (options.MaxRequestHeadersBytes / CookieBytes);

    /// <summary>Kestrel's limit on bytes: the allowed bytes, and its overhead.</summary>
    public static int KestrelBytes(OverloadOptions options) => options.MaxRequestHeadersBytes + (FieldOverhead * KestrelFields(options));

    public Task InvokeAsync(HttpContext context)
    {
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
