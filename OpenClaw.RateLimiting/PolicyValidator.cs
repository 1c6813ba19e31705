using System.Buffers;

namespace OpenClaw.RateLimiting;

/// <summary>Validates policies.</summary>
internal static class PolicyValidator
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(366);
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>All errors, each a sentence that names the field and what would be right.</summary>
    public static List<string> Check(string? name, IReadOnlyList<TokenBucket>? buckets)
    {
        List<string> errors = [];
        if (!IsName(name, 64))
        {
            errors.Add($"Policy name '{name}': use 1 to 64 letters, digits, '-', '_' or '.'.");
        }

        if (buckets is null || buckets.Count is 0 or > RateLimitPolicy.MaxBuckets)
        {
            errors.Add($"Policy '{name}': it has {buckets?.Count ?? 0} buckets; give it 1 to {RateLimitPolicy.MaxBuckets}.");
        }

        int before = errors.Count;
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var i = 0; i < (buckets?.Count ?? 0); i++)
        {
            if (buckets![i] is not { } bucket)
            {
                errors.Add($"Policy '{name}', bucket {i}: it is null.");
                continue;
            }

            CheckBucket($"Policy '{name}', bucket {(string.IsNullOrEmpty(bucket.Name) ? i : $"'{bucket.Name}'")}", bucket, errors);
            if (bucket.Name is not null && !seen.Add(bucket.Name))
            {
                errors.Add($"Policy '{name}', bucket '{bucket.Name}': another bucket has this name; names must differ.");
            }
        }

        if (errors.Count == before)
        {
            CheckTags(name, buckets ?? [], errors);
        }

        return errors;
    }

    // A bucket is found in stored state by 16 bits of its name (see BucketArithmetic). Two names have the same bits in one of 65,536 cases.
    private static void CheckTags(string? name, IReadOnlyList<TokenBucket> buckets, List<string> errors)
    {
        Dictionary<ushort, string> seen = [];
        foreach (TokenBucket bucket in buckets)
        {
            if (!seen.TryAdd(new BucketArithmetic(bucket).Tag, bucket.Name))
            {
                errors.Add($"Policy '{name}', bucket '{bucket.Name}': its name and '{seen[new BucketArithmetic(bucket).Tag]}' "
                    + "cannot be told apart in stored state; change one of them.");
            }
        }
    }

    private static void CheckBucket(string where, TokenBucket bucket, List<string> errors)
    {
        int before = errors.Count;
        if (!IsName(bucket.Name, 32))
        {
            errors.Add($"{where}: Name '{bucket.Name}': use 1 to 32 letters, digits, '-', '_' or '.'.");
        }

        if (bucket.Capacity < 1)
        {
            errors.Add($"{where}: Capacity is {bucket.Capacity}; it must be at least 1.");
        }

        if (bucket.RefillTokens is < 1 or > BucketArithmetic.MaxUnits)
        {
            errors.Add($"{where}: RefillTokens is {bucket.RefillTokens}; it must be 1 to {BucketArithmetic.MaxUnits}.");
        }

        if (bucket.RefillPeriod < ShortestPeriod
            || bucket.RefillPeriod > LongestPeriod
            || bucket.RefillPeriod.Ticks % TimeSpan.TicksPerMicrosecond != 0)
        {
            errors.Add($"{where}: RefillPeriod is {bucket.RefillPeriod}; it must be whole microseconds from 1 ms to 366 days.");
        }

        if (errors.Count == before)
        {
            CheckPrecision(where, bucket, errors);
        }
    }

    // The capacity in units (see BucketArithmetic) must be exact as a double.
    private static void CheckPrecision(string where, TokenBucket bucket, List<string> errors)
    {
        long period = bucket.RefillPeriod.Ticks / TimeSpan.TicksPerMicrosecond;
        long unitsPerToken = period / BucketArithmetic.CommonDivisor(bucket.RefillTokens, period);
        long largest = BucketArithmetic.MaxUnits / unitsPerToken;
        if (bucket.Capacity > largest)
        {
            errors.Add($"{where}: Capacity {bucket.Capacity} with {bucket.RefillTokens} tokens per {bucket.RefillPeriod} "
                + $"cannot be counted exactly; with this refill it must be at most {largest}. "
                + "A shorter RefillPeriod, or one that RefillTokens divides evenly, allows more.");
        }
    }

    private static bool IsName(string? name, int longest)
        => name is { Length: > 0 } && name.Length <= longest && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
