namespace OpenClaw.RatingApi.Ratings;

/// <summary>The answer to an accepted rating.</summary>
/// <param name="Status">Always <c>rating recorded</c>.</param>
/// <param name="Payload">The rating as it was sent.</param>
internal sealed record RatingRecorded(string Status, Rating Payload);
