using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OpenClaw.RateLimiting;

/// <summary>A named set of buckets that are charged together, all or none. Immutable: changed numbers are a new instance under the same name.</summary>
/// <remarks>When the numbers of a name change, clients keep their balances in proportion: a half-full bucket stays half full. Buckets find their balance again by
/// name, so they may be added, removed and reordered; an added one starts full. The time since a client's last charge counts at the new rate.</remarks>
public sealed class RateLimitPolicy
{
    /// <summary>Most buckets that one policy may have.</summary>
    public const int MaxBuckets = 8;

    /// <summary>Makes a policy after checking all of it.</summary>
    /// <param name="name">Part of every Redis key of the policy; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, 1 to 64 characters.</param>
    /// <param name="buckets">1 to <see cref="MaxBuckets"/> buckets with distinct names.</param>
    /// <param name="failureMode">What the policy answers while Redis cannot decide.</param>
    /// <exception cref="ArgumentException">Every error in the numbers and names, one per line.</exception>
    public RateLimitPolicy(string name, IEnumerable<TokenBucket> buckets, FailureMode failureMode = FailureMode.Local)
    {
        Name = name;
        Buckets = [.. buckets];
        FailureMode = failureMode;
        IReadOnlyList<string> errors = Validate(name, Buckets);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors));
        }

        Numbers = [.. Buckets.Select(bucket => new BucketNumbers(bucket))];
        NamesHash = Buckets.Aggregate(name.GetHashCode(), (hash, bucket) => HashCode.Combine(hash, bucket.Name));
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>The policy's buckets, in the order in which a refusal is reported.</summary>
    public ImmutableArray<TokenBucket> Buckets { get; }

    /// <summary>What the policy answers while Redis cannot decide. Default <see cref="FailureMode.Local"/>.</summary>
    public FailureMode FailureMode { get; }

    /// <summary>The buckets in exact integers, in the same order.</summary>
    internal BucketNumbers[] Numbers { get; }

    /// <summary>A hash of the policy's name and its buckets' names in order: the same for every version of its numbers.</summary>
    internal int NamesHash { get; }

    /// <summary>Whether metrics and traces leave out the decisions of the policy, such as those of the warm-up. Default false.</summary>
    internal bool IsUnobserved { get; init; }

    /// <summary>Text that is the same for two policies when, and only when, they decide alike.</summary>
    internal string Fingerprint => field ??= string.Join(
        '|', [Name, FailureMode.ToString(), .. Buckets.Select(bucket => bucket.ToString())]);

    /// <summary>Every error in a policy's name and numbers; empty when it is valid. Messages name the field and what would be right.</summary>
    public static IReadOnlyList<string> Validate(string? name, IReadOnlyList<TokenBucket> buckets) => PolicyValidator.Check(name, buckets);

    /// <summary>Whether the other policy decides exactly as this one does, as after a configuration was read again without a change.</summary>
    public bool HasSameLimits(RateLimitPolicy other)
        => ReferenceEquals(this, other)
            || (Name == other.Name && FailureMode == other.FailureMode
                && ImmutableCollectionsMarshal.AsArray(Buckets).AsSpan().SequenceEqual(ImmutableCollectionsMarshal.AsArray(other.Buckets)));
}
