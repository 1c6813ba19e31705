using CsCheck;
using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>Random sequences of everything that can happen to a limiter.</summary>
internal static class Steps
{
    private static readonly Gen<long> Periods = Gen.OneOf(
        1_000L, 1_003, 33_333, 1_000_000, 1_000_000, 7_000_001, 3_600_000_000, 86_400_000_000, 366 * 86_400_000_000L);

    private static readonly Gen<long> Amounts = Gen.Frequency((6, Gen.Long[1, 20]), (3, Gen.Long[1, 1000]), (1, Gen.Long[1, 1_000_000]));

    private static readonly Gen<long> Costs = Gen.Frequency(
        (2, Gen.Const(0L)), (20, Gen.Const(1L)), (8, Gen.Long[1, 20]), (4, Gen.Long[1, 1000]), (1, Gen.Const(long.MaxValue)), (
            1, Gen.Const((1L << 53) + 1)));

    private static readonly Gen<long> Advances = Gen.Frequency(
        (24, Gen.Const(0L)), (6, Gen.Long[1, 1000]), (6, Gen.Long[1, 1_000_000]), (2, Gen.Long[1, 100_000_000]), (
            1, Gen.Long[1, 400 * 86_400_000_000L]),
        (2, Gen.Long[-1_000_000, -1]), (1, Gen.Long[-100_000_000, -1]));

    private static readonly Gen<Operation> Operations = Gen.Frequency(
        (20, Gen.Const(Operation.Charge)), (2, Gen.Const(Operation.Debit)), (2, Gen.Const(Operation.Refund)),
        (1, Gen.Const(Operation.Reset)), (
            1, Gen.Const(Operation.Block)));

    private static readonly Gen<byte> BucketSets = Gen.OneOf(Gen.Const(BucketSet.All), Gen.Byte);

    private static readonly string[] Names = ["burst", "daily", "hourly", "bytes", "monthly", "yearly", "images", "cpu"];

    private static readonly Gen<TokenBucket> Buckets =
        Gen.Select(Gen.OneOf(Names), Amounts, Amounts, Periods, Gen.Int[0, 3])
            .Select(
                (name, capacity, refill, period, shadow) => new TokenBucket(name, capacity, refill, TimeSpan.FromMicroseconds(
                    period))
                { Shadow = shadow == 0 });

    /// <summary>Two policy names, each with some versions of its numbers, most of few buckets.</summary>
    private static readonly Gen<RateLimitPolicy[]> Policies = Valid(
        Gen.Select(Gen.OneOf("a", "b"), Gen.Frequency((7, Buckets.Array[1, 4]), (1, Buckets.Array[5, 24])))).Array[1, 5];

    /// <summary>A policy of as many buckets as one may have.</summary>
    private static readonly Gen<RateLimitPolicy> FullPolicies = Valid(
        Gen.Select(
            Gen.Const("full"), Buckets.Array[Names.Length].Select(
                buckets => buckets.Select((bucket, i) => bucket with { Name = Names[i] }).ToArray())));

    /// <summary>A sequence of steps over few partitions, so that they meet.</summary>
    public static Gen<Step[]> Sequence(int length)
        => Policies.SelectMany(policies => Sequence(length, policies, Gen.OneOf("x", "y", "z{}"), Advances));

    /// <summary>A sequence of steps over many partitions, most of them at the same time, so that they go out in large batches.</summary>
    public static Gen<Step[]> WideSequence(int length, int partitions)
        => Gen.Select(FullPolicies, Policies).SelectMany((full, policies) => Sequence(length,
        [full, .. policies.DistinctBy(policy => policy.Name)],
        Gen.Int[1, partitions].Select(partition => $"p{partition}"),
        Gen.Frequency((2 * partitions, Gen.Const(0L)), (1, Advances))));

    private static Gen<RateLimitPolicy> Valid(Gen<(string Name, TokenBucket[] Buckets)> policies) => policies
        .Select(policy => (policy.Name, Buckets: policy.Buckets.DistinctBy(bucket => bucket.Name).ToArray()))
        .Where(policy => RateLimitPolicy.Validate(policy.Name, policy.Buckets).Count == 0)
        .Select(policy => new RateLimitPolicy(policy.Name, policy.Buckets));

    private static Gen<Step[]> Sequence(int length, RateLimitPolicy[] policies, Gen<string> partitions, Gen<long> advances)
    {
        Gen<Charge> charge = Gen.Select(Gen.OneOf(policies), partitions, Costs).Select(
            (policy, partition, cost) => new Charge(policy, partition, cost));
        Gen<Charge[]> charges = Gen.Frequency((5, charge.Array[1]), (1, charge.Array[2, 4]))
            .Select(all => all.DistinctBy(one => (one.Policy.Name, one.Partition)).ToArray());
        return Gen.Select(advances, Operations, charges, BucketSets).Select((advance, operation, all, buckets) => operation switch
        {
            Operation.Charge => new Step(advance, operation, all),
            Operation.Block => new Step(advance, operation, [all[0] with { Cost = Math.Min(all[0].Cost, 1000) * 100_000 }]),
            Operation.Reset => new Step(advance, operation, all[..1]),
            _ => new Step(advance, operation, all[..1], buckets),
        }).Array[length];
    }
}
