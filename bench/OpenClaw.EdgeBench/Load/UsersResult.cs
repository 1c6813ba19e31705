using System.Net;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Responses to all users.</summary>
internal sealed class UsersResult
{
    private readonly TimeSpan[] _latencies;

    public UsersResult(TimeSpan duration, IReadOnlyCollection<Answer> answers)
    {
        Duration = duration;
        _latencies = [.. answers.Select(answer => answer.Latency).Order()];
        Succeeded = answers.Count(answer => answer.Status == HttpStatusCode.OK);
        Refused = answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }

    public TimeSpan Duration { get; }

    public int Count => _latencies.Length;

    public int Succeeded { get; }

    /// <summary>Answers with 429.</summary>
    public int Refused { get; }

    /// <summary>Neither 200 nor 429: other statuses and broken connections.</summary>
    public int Failed => Count - Succeeded - Refused;

    /// <param name="share">0.5 for the median.</param>
    public TimeSpan Percentile(double share) => _latencies[(int)Math.Ceiling(share * Count) - 1];
}
