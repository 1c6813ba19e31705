using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace OpenClaw.RatingApi.Problems;

/// <summary>Answers requests whose body cannot be read (not JSON, too large, wrong content type) with problem details that name the
/// field.</summary>
internal sealed class UnreadableRequestHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        BadHttpRequestException? unreadable = exception as BadHttpRequestException;
        if (unreadable is null && HasUnknownCharset(httpContext.Request))
        {
            unreadable = new("Unknown charset.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (unreadable is null)
        {
            return false;
        }

        httpContext.Response.StatusCode = unreadable.StatusCode;
        HttpValidationProblemDetails problem = new() { Status = unreadable.StatusCode, Title = null };
        (string field, problem.Detail) = Describe(unreadable);
        problem.Errors.Add(field, [problem.Detail]);
        await TypedResults.Problem(problem).ExecuteAsync(httpContext);
        return true;
    }

    // ASP.NET Core reports an unknown charset as a server error.
    private static bool HasUnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && type.Charset.HasValue
            && type.Encoding is null;

    private static (string Field, string Detail) Describe(BadHttpRequestException unreadable)
    {
        if (unreadable.InnerException is not JsonException json)
        {
            return ("body", """body is missing or cannot be read; send a JSON object such as {"score": 4}.""");
        }

        string field = json.Path is { Length: > 2 } path ? path[2..] : "body";
        string place = $"line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}";
        return (field, $"{field} is not JSON, is not of the documented type, or appears twice: see {place}.");
    }
}
