using Microsoft.Extensions.Options;

namespace OpenClaw.RateLimiting;

/// <summary>Validates all settings and reports all errors at once.</summary>
internal sealed class RedisRateLimiterOptionsValidator : IValidateOptions<RedisRateLimiterOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisRateLimiterOptions options)
    {
        List<string> errors = Check(options);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>All errors, each a sentence that names the setting and what would be right.</summary>
    public static List<string> Check(RedisRateLimiterOptions options)
    {
        List<string> errors = [];
        if (options.KeyPrefix is not { Length: >= 1 and <= 32 } prefix || prefix.Any(c => c is '{' or '}' || char.IsWhiteSpace(c)))
        {
            errors.Add($"KeyPrefix is '{options.KeyPrefix}'; it must be 1 to 32 characters without braces and white space.");
        }

        if (options.Deadline < TimeSpan.FromMilliseconds(1) || options.Deadline > TimeSpan.FromSeconds(10))
        {
            errors.Add($"Deadline is {options.Deadline}; it must be 1 ms to 10 s.");
        }

        if (options.ProbeInterval < TimeSpan.FromMilliseconds(10) || options.ProbeInterval > TimeSpan.FromMilliseconds(500))
        {
            errors.Add($"ProbeInterval is {options.ProbeInterval}; it must be 10 ms to 500 ms.");
        }

        if (options.ReplicaName is not { Length: >= 1 and <= 256 })
        {
            errors.Add($"ReplicaName has {options.ReplicaName?.Length ?? 0} characters; it must have 1 to 256.");
        }

        CheckRange(errors, nameof(options.Lanes), options.Lanes, 1, 64);
        CheckRange(errors, nameof(options.MaxPartitionsPerCall), options.MaxPartitionsPerCall, 4, 255);
        CheckRange(errors, nameof(options.MaxDecisionsPerCall), options.MaxDecisionsPerCall, 4, 4096);
        CheckRange(errors, nameof(options.DenyCacheEntries), options.DenyCacheEntries, 0, 10_000_000);
        CheckRange(errors, nameof(options.AssumedReplicas), options.AssumedReplicas, 1, BucketArithmetic.MaxShares);
        CheckRange(errors, nameof(options.CircuitThreshold), options.CircuitThreshold, 1, 1000);
        CheckRange(errors, nameof(options.MaxLocalPartitions), options.MaxLocalPartitions, 1000, 10_000_000);
        return errors;
    }

    private static void CheckRange(List<string> errors, string setting, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            errors.Add($"{setting} is {value}; it must be {least} to {most}.");
        }
    }
}
