namespace OpenClaw.RateLimiting;

/// <summary>Decides requests against token buckets that every replica shares. Safe for concurrent use; never throws for a Redis that fails.</summary>
public interface ITokenBucketLimiter
{
    /// <summary>Charges all buckets of all the charges, or none of them, in one atomic round trip per Redis node.</summary>
    /// <param name="charges">1 to 4 partitions, in the order in which a refusal is reported.</param>
    /// <param name="cancellationToken">A decision not yet sent to Redis is withdrawn and charges nothing.</param>
    /// <exception cref="ArgumentException">No charge, too many, a negative cost, or an empty or overlong partition.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the decision was sent.</exception>
    ValueTask<RateLimitDecision> DecideAsync(ReadOnlySpan<Charge> charges, CancellationToken cancellationToken = default);

    /// <summary>Settles a cost that was only known afterwards: takes up to <see cref="Charge.Cost"/> tokens from every bucket, never refusing and
    /// never going below zero. While Redis is out of reach it takes them from this replica's local bucket, if the policy has one then, and nothing is made up for later.</summary>
    /// <param name="charge">What to take, and where.</param>
    /// <param name="decision">The decision that is settled: only buckets that paid in it pay more. Null for every bucket.</param>
    /// <param name="cancellationToken">A debit not yet sent to Redis is withdrawn.</param>
    ValueTask DebitAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default);

    /// <summary>Gives <see cref="Charge.Cost"/> tokens back to the buckets that they were taken from, never above capacity. Cached denials
    /// that this makes wrong are dropped on
    /// every replica. Nothing is made up for later: what was taken in Redis and cannot be given back there in time stays taken.</summary>
    /// <param name="charge">What to give back, at most what the decision and later debits took, and where.</param>
    /// <param name="decision">The decision that took it. Tokens from Redis go back to Redis; tokens from this replica's local bucket go
    /// back to that bucket while it is still
    /// the same, also when Redis decides again; a decision that took nothing (denied, <see cref="DecisionSource.Open"/>,
    /// <see cref="DecisionSource.Closed"/>) gives nothing back.
    /// A bucket that paid nothing, as a shadow that lacked, gets nothing. A policy that was charged for several partitions counts as one
    /// here: a bucket that lacked in any of
    /// them gets nothing. Null for every bucket, wherever charges are decided now: only right when the tokens were taken there.</param>
    /// <param name="cancellationToken">A refund not yet sent to Redis is withdrawn.</param>
    ValueTask RefundAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default);

    /// <summary>An operator's gift: puts up to <see cref="Charge.Cost"/> tokens into every bucket, never above capacity, effective on every replica at once.</summary>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time: nothing is known to have changed.</exception>
    Task GrantAsync(Charge charge, CancellationToken cancellationToken = default);

    /// <summary>Fills every bucket of the partition and lifts any block, effective on every replica at once.</summary>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time: nothing is known to have changed.</exception>
    Task ResetAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default);

    /// <summary>Refuses every charge of the partition for a time, effective on every replica at once. Zero lifts the block.</summary>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time: nothing is known to have changed.</exception>
    Task BlockAsync(RateLimitPolicy policy, string partition, TimeSpan duration, CancellationToken cancellationToken = default);
}
