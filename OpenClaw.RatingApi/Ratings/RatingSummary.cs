namespace OpenClaw.RatingApi.Ratings;

/// <summary>All ratings of one subject.</summary>
/// <param name="Subject">What was rated.</param>
/// <param name="Count">Number of ratings. At least 1.</param>
/// <param name="Mean">Arithmetic mean of the scores, 1 to 5, rounded to four decimals.</param>
/// <param name="Histogram">Number of ratings per score, always with all of the keys "1" to "5".</param>
internal sealed record RatingSummary(string Subject, long Count, double Mean, SortedDictionary<string, long> Histogram)
{
    public static RatingSummary From(string subject, ReadOnlySpan<long> counts)
    {
        long count = 0;
        long sum = 0;
        SortedDictionary<string, long> histogram = new(StringComparer.Ordinal);
        for (int i = 0; i < counts.Length; i++)
        {
            int score = Rating.MinScore + i;
            count += counts[i];
            sum += counts[i] * score;
            histogram.Add(score.ToString(), counts[i]);
        }

        return new RatingSummary(subject, count, Math.Round((double)sum / count, 4), histogram);
    }
}
