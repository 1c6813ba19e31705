namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Validates the settings of a policy.</summary>
internal static class RedisPolicyOptionsValidator
{
    /// <summary>All errors, each a sentence that names the setting and what would be right.</summary>
    public static List<string> Check(string policyName, RedisPolicyOptions options)
    {
        List<string> errors = [];
        if (options.Charges.Count > RedisPolicyOptions.MaxCharges)
        {
            errors.Add($"Policy '{policyName}' has {options.Charges.Count} charges; it may have at most {RedisPolicyOptions.MaxCharges}.");
        }

        if (options.Charges.Count(charge => charge.IsAddress) > 1)
        {
            errors.Add($"Policy '{policyName}': PerAddress is called twice; use one policy with several buckets instead.");
        }

        if (options.IPv6PrefixLength is < 32 or > 128)
        {
            errors.Add($"Policy '{policyName}': IPv6PrefixLength is {options.IPv6PrefixLength}; it must be 32 to 128.");
        }

        if (!(options.RetryAfterJitter is >= 0 and <= 10))
        {
            errors.Add($"Policy '{policyName}': RetryAfterJitter is {options.RetryAfterJitter}; it must be 0 to 10.");
        }

        if (!Enum.IsDefined(options.Headers))
        {
            errors.Add($"Policy '{policyName}': Headers is {options.Headers}; it must be one of "
                + $"{string.Join(", ", Enum.GetNames<RateLimitHeaderStyle>())}.");
        }

        return errors;
    }
}
