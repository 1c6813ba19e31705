namespace OpenClaw.RateLimiting;

/// <summary>Reads and changes buckets, for operators. Changes take effect on every replica at once.</summary>
public interface IRateLimiterAdmin
{
    /// <summary>Reads a partition. Nothing is charged, and metrics do not count it as a decision.</summary>
    /// <param name="policy">Policy to read.</param>
    /// <param name="partition">Partition to read, 1 to 256 characters.</param>
    /// <param name="cancellationToken">Cancels the reading, unless it was already sent to Redis.</param>
    /// <returns>A decision of cost 0. A source other than <see cref="DecisionSource.Store"/> means that Redis did not answer in time and
    /// that the buckets are this replica's local ones.</returns>
    /// <exception cref="ArgumentException">The partition is empty or too long.</exception>
    ValueTask<RateLimitDecision> InspectAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default);

    /// <summary>Adds up to <see cref="Charge.Cost"/> tokens to every bucket, never above capacity.</summary>
    /// <exception cref="ArgumentException">The charge is invalid.</exception>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time; it is unknown whether the change was made.</exception>
    Task GrantAsync(Charge charge, CancellationToken cancellationToken = default);

    /// <summary>Fills every bucket of the partition and lifts any block.</summary>
    /// <exception cref="ArgumentException">The partition is empty or too long.</exception>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time; it is unknown whether the change was made.</exception>
    Task ResetAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default);

    /// <summary>Denies every charge of the partition for a time.</summary>
    /// <param name="policy">Policy to block.</param>
    /// <param name="partition">Partition to block, 1 to 256 characters.</param>
    /// <param name="duration">Above 0, at most 36,500 days.</param>
    /// <param name="cancellationToken">Withdraws a change that has not been sent to Redis yet.</param>
    /// <exception cref="ArgumentException">The partition is empty or too long, or the duration is out of range.</exception>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time; it is unknown whether the change was made.</exception>
    Task BlockAsync(RateLimitPolicy policy, string partition, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Lifts a block.</summary>
    /// <exception cref="ArgumentException">The partition is empty or too long.</exception>
    /// <exception cref="RateLimitStoreException">Redis did not answer in time; it is unknown whether the change was made.</exception>
    Task UnblockAsync(RateLimitPolicy policy, string partition, CancellationToken cancellationToken = default);
}
