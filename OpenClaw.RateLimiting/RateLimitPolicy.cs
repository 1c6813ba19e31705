using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OpenClaw.RateLimiting;

/// <summary>A named set of buckets that are charged together, all or none. Immutable: other limits are a new instance with the same
/// name.</summary>
/// <remarks>When the limits of a name change, partitions keep their balances in proportion: a half-full bucket stays half full. Buckets are
/// matched by name, so they may be added, removed and reordered; an added bucket starts full. Time since the last charge counts at the new
/// rate.</remarks>
public sealed class RateLimitPolicy
{
    /// <summary>Largest number of buckets of a policy.</summary>
    public const int MaxBuckets = 8;

    /// <summary>Creates a policy.</summary>
    /// <param name="name">Part of every Redis key of the policy: 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</param>
    /// <param name="buckets">1 to <see cref="MaxBuckets"/> buckets with distinct names.</param>
    /// <param name="failureMode">How the policy decides while Redis does not answer in time.</param>
    /// <exception cref="ArgumentException">The policy is invalid. The message lists all errors, one per line.</exception>
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

        Numbers = [.. Buckets.Select(bucket => new BucketArithmetic(bucket))];
        NamesHash = Buckets.Aggregate(name.GetHashCode(), (hash, bucket) => HashCode.Combine(hash, bucket.Name));
    }

    /// <summary>Name of the policy.</summary>
    public string Name { get; }

    /// <summary>Buckets, in the order in which denials are reported.</summary>
    public ImmutableArray<TokenBucket> Buckets { get; }

    /// <summary>How the policy decides while Redis does not answer in time. Default <see cref="FailureMode.Local"/>.</summary>
    public FailureMode FailureMode { get; }

    /// <summary>Buckets in exact integers, in the same order.</summary>
    internal BucketArithmetic[] Numbers { get; }

    /// <summary>Hash of the names of the policy and its buckets. It does not depend on the limits.</summary>
    internal int NamesHash { get; }

    /// <summary>Whether metrics and traces leave out the decisions of the policy, such as those of the warm-up. Default false.</summary>
    internal bool IsUnobserved { get; init; }

    /// <summary>Text that is equal for two policies if and only if they have the same name, limits and failure mode.</summary>
    internal string Fingerprint => field ??= string.Join(
        '|', [Name, FailureMode.ToString(), .. Buckets.Select(bucket => bucket.ToString())]);

    /// <summary>All errors in a policy; empty if it is valid. Each names the field and what would be right.</summary>
    public static IReadOnlyList<string> Validate(string? name, IReadOnlyList<TokenBucket> buckets) => PolicyValidator.Check(name, buckets);

    /// <summary>All errors in a policy that was read from settings; empty if it is valid. Each names the setting and what would be
    /// right.</summary>
    /// <param name="name">Name of the policy.</param>
    /// <param name="buckets">Its buckets, each named as its setting.</param>
    /// <param name="path">Path of the setting that holds the buckets, such as <c>Limits:Policies:api:Buckets</c>.</param>
    public static IReadOnlyList<string> Validate(string? name, IReadOnlyList<TokenBucket> buckets, string path)
        => PolicyValidator.Check(name, buckets, path);

    /// <summary>Whether the other policy has the same name, buckets and failure mode, as after a configuration reload without
    /// changes.</summary>
    public bool HasSameLimits(RateLimitPolicy other)
        => ReferenceEquals(this, other)
            || (Name == other.Name && FailureMode == other.FailureMode
                && ImmutableCollectionsMarshal.AsArray(Buckets).AsSpan().SequenceEqual(ImmutableCollectionsMarshal.AsArray(other.Buckets)));
}
