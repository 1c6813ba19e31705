using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;

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

        ratings.MapPost("/rating", Record)
            .WithName(RecordName)
            .WithSummary("Record a rating")
            .WithDescription("Adds one rating of a subject. Members that this service does not know are accepted and echoed.")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

        ratings.MapGet("/ratings/{subject}", Summarize)
            .WithName(SummarizeName)
            .WithSummary("Summarize a subject's ratings")
            .WithDescription("Count, mean and histogram of all ratings, as of one instant. A subject that nobody has rated is not found.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<RatingRecorded> Record(Rating rating, RatingStore store)
    {
        store.Record(rating.Subject ?? Rating.DefaultSubject, rating.Score!.Value);
        return TypedResults.Ok(new RatingRecorded("rating recorded", rating));
    }

    private static Results<Ok<RatingSummary>, ProblemHttpResult> Summarize(
        [Description("What was rated, percent-encoded. Ratings that named no subject count for `openclaw`.")] string subject,
            RatingStore store) =>
        store.TryGetSummary(subject, out RatingSummary? summary)
            ? TypedResults.Ok(summary)
            : TypedResults.Problem($"Nobody has rated '{subject}' yet, or not for a long time.", statusCode: StatusCodes.Status404NotFound);
}
