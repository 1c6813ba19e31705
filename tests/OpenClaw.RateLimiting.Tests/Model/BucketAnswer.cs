namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>What a decision tells of one bucket.</summary>
internal sealed record BucketAnswer(string Bucket, long Remaining, TimeSpan RetryAfter, TimeSpan FullAfter, bool IsInsufficient);
