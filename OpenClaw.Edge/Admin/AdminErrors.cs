using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Admin;

/// <summary>Turns exceptions into problem responses: 503 when Redis does not answer (a command sent before may still have been executed) or
/// a document cannot be checked at present, 400 with the reason when a request cannot be read. Exception messages are not repeated, except
/// for Redis's own replies, because they name types and addresses of this process.</summary>
internal sealed class AdminErrors(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!TryUnquoteCharset(context.Request))
        {
            await WriteAsync(context, "The charset of the body is unknown. Send JSON in UTF-8.", StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(context, Describe(exception), exception.StatusCode);
        }
        catch (RulesNotCheckedException exception)
        {
            await WriteAsync(context, exception.Message, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception)
            when (exception is RateLimitStoreException || IsOutage(exception))
        {
            bool isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            await WriteAsync(
                context, isRead ? DescribeRead(exception) : Describe(exception), StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Whether Redis did not answer or refused the command.</summary>
    public static bool IsOutage(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException;

    /// <summary>Describes an error of a change for clients and logs.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        RateLimitStoreException or RulesNotCheckedException => exception.Message,
        RedisServerException => $"Redis refused: {exception.Message}",
        RedisException or RedisCommandException or TimeoutException =>
            "Redis did not answer, so it is unknown whether the change was made.",
        BadHttpRequestException { InnerException: JsonException json } => DescribeJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => "The body is too large.",
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
            "The body must be JSON, with Content-Type: application/json.",
        BadHttpRequestException => "The request cannot be read. See /openapi/v1.json for its format.",
        _ => "internal error",
    };

    private static string DescribeRead(Exception exception) => exception is RedisServerException
        ? Describe(exception)
        : "Redis did not answer, so nothing can be read. Try again when Redis is back.";

    // Reading a body with an unknown charset would throw, and so would one with a known charset in quotation marks, which is valid.
    private static bool TryUnquoteCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.Charset.HasValue)
        {
            return true;
        }

        try
        {
            type.Charset = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString()).WebName;
            request.ContentType = type.ToString();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Keeps the reader's message for a syntax error. Any other message names the .NET type, which is left out.</summary>
    private static string DescribeJson(JsonException json)
    {
        const string Unmapped = "could not be mapped";
        if (json.InnerException is JsonException)
        {
            return $"The body is not valid JSON. {json.Message}";
        }

        int unmapped = json.Message.IndexOf(Unmapped, StringComparison.Ordinal);
        string what = unmapped > 0
            ? $"{json.Message[..unmapped]}{Unmapped} to a known member."
            : "A member is missing, or its value is of the wrong type.";
        return $"{what} Path: {json.Path} | LineNumber: {json.LineNumber} | BytePositionInLine: {json.BytePositionInLine}. "
            + "See /openapi/v1.json for the format.";
    }

    private static Task WriteAsync(HttpContext context, string detail, int status) =>
        Results.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
