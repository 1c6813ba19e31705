namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>The part of a decision's result about one bucket.</summary>
internal sealed record BucketAnswer(string Bucket, long Remaining, TimeSpan RetryAfter, TimeSpan FullAfter, bool IsInsufficient);
