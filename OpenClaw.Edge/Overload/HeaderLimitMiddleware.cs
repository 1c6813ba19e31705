using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Overload;

/// <summary>Bounds the number and size of request headers, alike for every version of HTTP: 431 above. HTTP/2 and 3 send each cookie as a
/// field of its own, and Kestrel counts each, with 32 bytes for what HTTP/1.1 says in two; so its own bounds are wider, and keep off what
/// has no end.</summary>
internal sealed class HeaderLimitMiddleware(RequestDelegate next, IOptions<EdgeOptions> options)
{
    /// <summary>Kestrel counts this for a field (RFC 9113, 10.5.1), and <c>cookie</c> for each cookie.</summary>
    private const int FieldOverhead = 32 + 6;

    /// <summary>Cookies are expected to have as many bytes on average. Browsers keep some 180 of a site.</summary>
    private const int CookieBytes = 16;

    private readonly int _maxFields = options.Value.Overload.MaxRequestHeaders;
    private readonly int _maxBytes = options.Value.Overload.MaxRequestHeadersBytes;

    /// <summary>Fields that Kestrel takes: the header fields, and the cookies that fit into their size.</summary>
    public static int KestrelFields(OverloadOptions options) => options.MaxRequestHeaders + (options.MaxRequestHeadersBytes / CookieBytes);

    /// <summary>Bytes that Kestrel takes: those allowed, and what it counts besides.</summary>
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
