using Microsoft.AspNetCore.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Policies;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds policies on a shared limiter to the rate limiter of ASP.NET Core.</summary>
public static class RedisPolicyRateLimiterOptionsExtensions
{
    /// <summary>Adds a policy for <c>RequireRateLimiting</c> and <c>[EnableRateLimiting]</c>. It asks the registered limiter, writes the
    /// rate limit fields, and refuses with 429 and a problem document, or with 503 if Redis is unavailable and the policy fails
    /// closed.</summary>
    /// <param name="options">Options of the middleware.</param>
    /// <param name="policyName">Name of the policy.</param>
    /// <param name="configure">Chooses what is charged. Default: the policy of that name in the configuration, per user.</param>
    /// <exception cref="ArgumentException">The settings are invalid. The message lists all errors, one per line.</exception>
    public static RateLimiterOptions AddRedisPolicy(
        this RateLimiterOptions options, string policyName, Action<RedisPolicyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(policyName);
        RedisPolicyOptions settings = new();
        configure?.Invoke(settings);
        if (settings.Charges.Count == 0)
        {
            settings.PerUser(policyName);
        }

        List<string> errors = RedisPolicyOptionsValidator.Check(policyName, settings);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(configure));
        }

        RedisPolicy policy = new(settings, options);
        RedisPolicyActivation.Add(options, policy);
        return options.AddPolicy(policyName, policy);
    }
}
