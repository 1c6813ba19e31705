namespace OpenClaw.RatingApi.Ratings;

/// <summary>What <see cref="RatingReceipt"/> writes, for the OpenAPI document.</summary>
/// <param name="Status">Always <c>rating recorded</c>.</param>
/// <param name="Payload">The request's body, exactly as sent.</param>
internal sealed record RatingRecorded(string Status, Rating Payload);
