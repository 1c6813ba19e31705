namespace OpenClaw.RatingApi.OpenApi;

/// <summary>Examples for the OpenAPI document. A test sends the requests and compares the responses.</summary>
internal static class Examples
{
    public const string Score = """{"score": 4}""";

    public const string Full = """{"score": 5, "subject": "pizza", "comment": "crisp"}""";

    public const string Recorded = """{"status": "rating recorded", "payload": {"score": 4}}""";

    public const string Summary =
        """{"subject": "pizza", "count": 2, "mean": 4.5, "histogram": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1}}""";

    public const string InvalidScore = """
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
          "title": "One or more validation errors occurred.",
          "status": 400,
          "detail": "score must be an integer from 1 to 5.",
          "errors": {"score": ["score must be an integer from 1 to 5."]}
        }
        """;

    public const string TooLarge = """
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.14",
          "title": "Content Too Large",
          "status": 413
        }
        """;

    public const string NotJson = """
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.16",
          "title": "Unsupported Media Type",
          "status": 415
        }
        """;

    public const string NotRated = """
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
          "title": "Not Found",
          "status": 404,
          "detail": "Nobody has rated 'sushi' yet, or not for a long time."
        }
        """;
}
