namespace OpenClaw.RateLimiting;

/// <summary>Decides whether to allow requests, by token buckets that all replicas share. Safe for concurrent use. A failure of Redis never
/// makes a decision throw.</summary>
public interface IRateLimiterClient
{
    /// <summary>Charges all buckets of one partition, or none of them.</summary>
    /// <param name="charge">Tokens to take, and their partition.</param>
    /// <param name="cancellationToken">Withdraws a decision that has not been sent to Redis yet; it then charges nothing.</param>
    /// <returns>The decision, to be awaited once. Whoever takes its result early or twice gets an <see cref="InvalidOperationException"/>,
    /// or waits for it while the call is traced; no other caller is affected.</returns>
    /// <exception cref="ArgumentException">The cost is negative, or the partition is empty or too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the decision was sent.</exception>
    ValueTask<RateLimitDecision> DecideAsync(Charge charge, CancellationToken cancellationToken = default);

    /// <summary>Charges all buckets of all charges, or none of them, in one atomic round trip per Redis node.</summary>
    /// <param name="charges">1 to 4 charges, in the order in which denials are reported. No policy may charge the same partition
    /// twice.</param>
    /// <param name="cancellationToken">Withdraws a decision that has not been sent to Redis yet; it then charges nothing.</param>
    /// <returns>The decision, to be awaited once. Whoever takes its result early or twice gets an <see cref="InvalidOperationException"/>,
    /// or waits for it while the call is traced; no other caller is affected.</returns>
    /// <exception cref="ArgumentException">There are no charges or too many, a cost is negative, or a partition is empty, too long or
    /// charged twice.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the decision was sent.</exception>
    ValueTask<RateLimitDecision> DecideAsync(ReadOnlySpan<Charge> charges, CancellationToken cancellationToken = default);

    /// <summary>Corrects a charge once its real cost is known: debits or refunds the difference.</summary>
    /// <param name="charge">The charge as it was decided.</param>
    /// <param name="cost">The real cost in tokens, at least 0.</param>
    /// <param name="decision">The decision that charged it. Nothing is settled if it denied.</param>
    /// <param name="cancellationToken">Cancels the correction, unless it was already sent to Redis.</param>
    /// <exception cref="ArgumentException">The charge is invalid or the cost is negative.</exception>
    ValueTask SettleAsync(Charge charge, long cost, RateLimitDecision decision, CancellationToken cancellationToken = default);

    /// <summary>Charges a cost that became known only afterwards: takes up to <see cref="Charge.Cost"/> tokens from every bucket, never
    /// below zero, and never denies. While Redis is unavailable the tokens are taken from this replica's local bucket if the policy fails
    /// over to one, and Redis is not charged later.</summary>
    /// <param name="charge">Tokens to take, and their partition.</param>
    /// <param name="decision">Decision to settle: only buckets that paid in it pay more. Null for every bucket.</param>
    /// <param name="cancellationToken">Cancels the debit, unless it was already sent to Redis.</param>
    /// <exception cref="ArgumentException">The charge is invalid.</exception>
    ValueTask DebitAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default);

    /// <summary>Returns <see cref="Charge.Cost"/> tokens to the buckets they were taken from, never above capacity. Cached denials that
    /// become wrong are dropped on every replica. A refund that Redis does not accept in time is lost and not repeated.</summary>
    /// <param name="charge">Tokens to return, at most the number that the decision and later debits took, and their partition.</param>
    /// <param name="decision">Decision that took the tokens. Tokens from Redis return to Redis. Tokens from a local bucket return to it
    /// while it is still the same bucket, even if Redis decides again. A decision that took nothing (denied, <see
    /// cref="DecisionSource.Open"/> or <see cref="DecisionSource.Closed"/>) returns nothing, and so does a shadow bucket with too few
    /// tokens. If a policy was charged for several partitions, a bucket that was insufficient in any of them gets nothing. Null returns
    /// tokens to every bucket where charges are decided now, in Redis or locally; use it only if they were taken there.</param>
    /// <param name="cancellationToken">Cancels the refund, unless it was already sent to Redis.</param>
    /// <exception cref="ArgumentException">The charge is invalid.</exception>
    ValueTask RefundAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default);
}
