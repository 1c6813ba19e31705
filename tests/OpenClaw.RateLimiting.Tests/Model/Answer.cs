namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>The whole result of a decision, compared by value.</summary>
internal sealed record Answer(bool IsAllowed, int? RefusedBy, TimeSpan BlockedFor, TimeSpan RetryAfter, IReadOnlyList<BucketAnswer> Buckets)
{
    public static Answer Of(RateLimitDecision decision) => new(
        decision.IsAllowed,
        decision.RefusedBy,
        decision.BlockedFor,
        decision.RetryAfter,
        [.. decision.Buckets.Select(b => new BucketAnswer(b.Bucket.Name, b.Remaining, b.RetryAfter, b.FullAfter, b.IsInsufficient))]);

    public bool Equals(Answer? other) => ToString() == other?.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString()
        => $"{(IsAllowed ? "allowed" : $"refused by {RefusedBy}")}, blocked {BlockedFor}, retry {RetryAfter}; {string.Join("; ", Buckets)}";
}
