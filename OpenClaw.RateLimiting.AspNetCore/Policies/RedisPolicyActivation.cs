using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Gives policies the application's services when the middleware is created, so that a missing limiter or policy stops the
/// application at start. The middleware creates only policies registered by type; this one is registered that way and activates all
/// others.</summary>
internal sealed class RedisPolicyActivation : IRateLimiterPolicy<string>
{
    private const string PolicyName = "OpenClaw.RateLimiting.AspNetCore";

    private static readonly ConditionalWeakTable<RateLimiterOptions, List<RedisPolicy>> Policies = [];

    public RedisPolicyActivation(IServiceProvider services, IOptions<RateLimiterOptions> options)
    {
        foreach (RedisPolicy policy in Policies.GetOrCreateValue(options.Value))
        {
            policy.Activate(services);
        }
    }

    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected => null;

    /// <summary>Adds a policy that is activated with the middleware.</summary>
    public static void Add(RateLimiterOptions options, RedisPolicy policy)
    {
        List<RedisPolicy> policies = Policies.GetOrCreateValue(options);
        if (policies.Count == 0)
        {
            options.AddPolicy<string, RedisPolicyActivation>(PolicyName);
        }

        policies.Add(policy);
    }

    public RateLimitPartition<string> GetPartition(HttpContext httpContext) => RateLimitPartition.GetNoLimiter(PolicyName);
}
