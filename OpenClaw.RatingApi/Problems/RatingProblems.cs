using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.RatingApi.Ratings;

namespace OpenClaw.RatingApi.Problems;

/// <summary>Every refusal of this service, as problem+json (RFC 9457) with the errors by field in <c>errors</c>.</summary>
internal static class RatingProblems
{
    public static ProblemHttpResult Invalid(FieldErrors errors) => Problem(StatusCodes.Status400BadRequest, errors);

    public static ProblemHttpResult TooLarge(int maxBytes) =>
        Problem(StatusCodes.Status413PayloadTooLarge, new FieldErrors().Add(FieldErrors.Body, $"must have at most {maxBytes} bytes."));

    public static ProblemHttpResult NotJson(string? contentType) => Problem(
        StatusCodes.Status415UnsupportedMediaType,
        new FieldErrors().Add("Content-Type", $"must be application/json in UTF-8, not {(string.IsNullOrEmpty(contentType) ? "absent" : contentType)}."));

    /// <summary>A body that broke HTTP itself, or came too slowly.</summary>
    public static ProblemHttpResult Unreadable(BadHttpRequestException e) =>
        Problem(e.StatusCode, new FieldErrors().Add(FieldErrors.Body, $"could not be read: {e.Message}"));

    public static ProblemHttpResult NotRated(string subject) =>
        TypedResults.Problem($"Nobody has rated '{subject}' yet, or not for a long time.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Problem(int status, FieldErrors errors) => TypedResults.Problem(
        new HttpValidationProblemDetails(errors.ToDictionary()) { Status = status, Title = null, Detail = errors.ToString() });
}
