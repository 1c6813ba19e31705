using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenClaw.RatingApi.Problems;

namespace OpenClaw.RatingApi.Ratings;

/// <summary><c>POST /rating</c> and <c>GET /ratings/{subject}</c>.</summary>
internal static class RatingEndpoints
{
    public static void MapRatings(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/rating", RecordAsync)
            .WithName("RecordRating")
            .Accepts<Rating>("application/json")
            .Produces<RatingRecorded>()
            .ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesValidationProblem(StatusCodes.Status415UnsupportedMediaType);

        endpoints.MapGet("/ratings/{subject}", Summarize)
            .WithName("GetRatings")
            .Produces<RatingSummary>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Records a rating.</summary>
    private static async Task<IResult> RecordAsync(HttpRequest request, RatingStore store, IOptions<RatingOptions> options)
    {
        int maxBytes = options.Value.MaxBodyBytes;
        byte[]? body;
        try
        {
            body = await RatingBody.ReadAsync(request, maxBytes);
        }
        catch (BadHttpRequestException e)
        {
            return RatingProblems.Unreadable(e);
        }

        if (body is null)
        {
            return RatingProblems.TooLarge(maxBytes);
        }

        if (body.Length > 0 && !IsJson(request.ContentType))
        {
            return RatingProblems.NotJson(request.ContentType);
        }

        ReadOnlyMemory<byte> payload = RatingParser.WithoutByteOrderMark(body);
        if (RatingParser.Parse(payload.Span, out Rating rating) is { } errors)
        {
            return RatingProblems.Invalid(errors);
        }

        store.Record(rating.Subject ?? Rating.DefaultSubject, rating.Score);
        return new RatingReceipt(payload);
    }

    /// <summary>Count, mean and histogram of a subject's ratings.</summary>
    /// <param name="store">From the services.</param>
    /// <param name="subject">What was rated. Ratings without a subject count for <c>openclaw</c>.</param>
    private static IResult Summarize(string subject, RatingStore store) =>
        store.TryGetSummary(subject, out RatingSummary? summary) ? TypedResults.Ok(summary) : RatingProblems.NotRated(subject);

    private static bool IsJson(string? contentType)
    {
        if (contentType is "application/json" or "application/json; charset=utf-8")
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
