using System.ComponentModel;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenClaw.RatingApi.Problems;

namespace OpenClaw.RatingApi.Ratings;

/// <summary><c>POST /rating</c> and <c>GET /ratings/{subject}</c>.</summary>
internal static class RatingEndpoints
{
    /// <summary>Operation id of <c>POST /rating</c>.</summary>
    public const string RecordName = "recordRating";

    /// <summary>Operation id of <c>GET /ratings/{subject}</c>.</summary>
    public const string SummarizeName = "getRatings";

    public static void MapRatings(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder ratings = endpoints.MapGroup("").WithTags("Ratings");

        ratings.MapPost("/rating", RecordAsync)
            .WithName(RecordName)
            .WithSummary("Record a rating")
            .WithDescription("Adds one rating of a subject. Members that this service does not know are accepted and echoed.")
            .Produces<RatingRecorded>()
            .ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesValidationProblem(StatusCodes.Status415UnsupportedMediaType);

        ratings.MapGet("/ratings/{subject}", Summarize)
            .WithName(SummarizeName)
            .WithSummary("Summarize a subject's ratings")
            .WithDescription("Count, mean and histogram of all ratings, as of one instant. A subject that nobody has rated is not found.")
            .Produces<RatingSummary>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

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

    private static IResult Summarize(
        [Description("What was rated, percent-encoded. Ratings that named no subject count for `openclaw`.")] string subject, RatingStore store) =>
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
