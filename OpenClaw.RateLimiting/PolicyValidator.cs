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
    /// <param name="name">Name of the policy.</param>
    /// <param name="buckets">Its buckets.</param>
    /// <param name="path">Path of the setting that holds the buckets. Fields are named by their path below it; null: by policy and
    /// bucket.</param>
    public static List<string> Check(string? name, IReadOnlyList<TokenBucket>? buckets, string? path = null)
    {
        List<string> errors = [];
        if (!IsName(name, 64))
        {
            errors.Add(path is null
                ? $"Policy name '{name}': use 1 to 64 letters, digits, '-', '_' or '.'."
                : $"{path}: the policy's name is '{name}'; it must be 1 to 64 letters, digits, '-', '_' or '.'.");
        }

        if (buckets is null || buckets.Count is 0 or > RateLimitPolicy.MaxBuckets)
        {
            errors.Add($"{path ?? $"Policy '{name}'"}: it has {buckets?.Count ?? 0} buckets; give it 1 to {RateLimitPolicy.MaxBuckets}.");
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

            string where = Where(name, bucket.Name, i, path);
            if (!IsName(bucket.Name, 32))
            {
                errors.Add($"{where}: its name is '{bucket.Name}'; it must be 1 to 32 letters, digits, '-', '_' or '.'.");
            }

            CheckBucket(path is null ? $"{where}: " : $"{where}:", bucket, errors);
            if (bucket.Name is not null && !seen.Add(bucket.Name))
            {
                errors.Add($"{where}: another bucket has this name; names must differ.");
            }
        }

        if (errors.Count == before)
        {
            CheckTags(name, buckets ?? [], path, errors);
        }

        return errors;
    }

    private static string Where(string? policy, string? bucket, int index, string? path)
    {
        if (path is not null)
        {
            return $"{path}:{bucket}";
        }

        return string.IsNullOrEmpty(bucket) ? $"Policy '{policy}', bucket {index}" : $"Policy '{policy}', bucket '{bucket}'";
    }

    // A bucket is found in stored state by 16 bits of its name (see BucketArithmetic). Two names have the same bits in one of 65,536 cases.
    private static void CheckTags(string? name, IReadOnlyList<TokenBucket> buckets, string? path, List<string> errors)
    {
        Dictionary<ushort, string> seen = [];
        for (var i = 0; i < buckets.Count; i++)
        {
            if (!seen.TryAdd(new BucketArithmetic(buckets[i]).Tag, buckets[i].Name))
            {
                errors.Add($"{Where(name, buckets[i].Name, i, path)}: its name and '{seen[new BucketArithmetic(buckets[i]).Tag]}' "
                    + "cannot be told apart in stored state; change one of them.");
            }
        }
    }

    // Fields follow their prefix.
    private static void CheckBucket(string prefix, TokenBucket bucket, List<string> errors)
    {
        int before = errors.Count;
        if (bucket.Capacity < 1)
        {
            errors.Add($"{prefix}Capacity is {bucket.Capacity}; it must be at least 1.");
        }

        if (bucket.RefillTokens is < 1 or > BucketArithmetic.MaxUnits)
        {
            errors.Add($"{prefix}RefillTokens is {bucket.RefillTokens}; it must be 1 to {BucketArithmetic.MaxUnits}.");
        }

        if (bucket.RefillPeriod < ShortestPeriod
            || bucket.RefillPeriod > LongestPeriod
            || bucket.RefillPeriod.Ticks % TimeSpan.TicksPerMicrosecond != 0)
        {
            errors.Add($"{prefix}RefillPeriod is {bucket.RefillPeriod}; it must be whole microseconds from 1 ms to 366 days.");
        }

        if (errors.Count == before)
        {
            CheckPrecision(prefix, bucket, errors);
        }
    }

    // The capacity in units (see BucketArithmetic) must be exact as a double.
    private static void CheckPrecision(string prefix, TokenBucket bucket, List<string> errors)
    {
        long period = bucket.RefillPeriod.Ticks / TimeSpan.TicksPerMicrosecond;
        long unitsPerToken = period / BucketArithmetic.CommonDivisor(bucket.RefillTokens, period);
        long largest = BucketArithmetic.MaxUnits / unitsPerToken;
        if (bucket.Capacity > largest)
        {
            errors.Add($"{prefix}Capacity is {bucket.Capacity}, which cannot be counted exactly with {bucket.RefillTokens} tokens per "
                + $"{bucket.RefillPeriod}; with this refill it must be at most {largest}. "
                + "A shorter RefillPeriod, or one that RefillTokens divides evenly, allows more.");
        }
    }

    private static bool IsName(string? name, int longest)
        => name is { Length: > 0 } && name.Length <= longest && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
