namespace OpenClaw.RatingApi.Ratings;

/// <summary>The answer to an accepted rating.</summary>
/// <param name="Status">Always <c>rating recorded</c>.</param>
/// <param name="Payload">The request's body, exactly as sent.</param>
// Only described, never built: RatingReceipt writes it.
internal sealed record RatingRecorded(string Status, Rating Payload);
