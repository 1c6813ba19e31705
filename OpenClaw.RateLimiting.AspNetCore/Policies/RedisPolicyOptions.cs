using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Settings of a rate limit policy on a shared limiter. Each <c>Per…</c> adds a charge; a request is charged all of them or
/// none, in one decision. Without any, the configured policy of the same name is charged per user.</summary>
public sealed class RedisPolicyOptions
{
    /// <summary>Largest number of charges of a request.</summary>
    public const int MaxCharges = 4;

    private readonly List<ChargeRule> _charges = [];

    /// <summary>Key of the limiter, as registered by <c>AddKeyedRedisRateLimiter</c>.</summary>
    /// <value>Default null: the limiter registered without a key.</value>
    public string? LimiterKey { get; set; }

    /// <summary>Cost of a request in tokens, at least 0. Charges per address always cost one token.</summary>
    /// <value>Default null: 1.</value>
    public Func<HttpContext, long>? Cost { get; set; }

    /// <summary>Network prefix that identifies an IPv6 client. A client usually controls a whole IPv6 network.</summary>
    /// <value>32 to 128. Default 64.</value>
    public int IPv6PrefixLength { get; set; } = 64;

    /// <summary>Rate limit fields of responses.</summary>
    /// <value>Default <see cref="RateLimitHeaderStyle.Ietf"/>.</value>
    public RateLimitHeaderStyle Headers { get; set; } = RateLimitHeaderStyle.Ietf;

    /// <summary>Random delay added to Retry-After, up to this fraction of the wait, rounded up to whole seconds.</summary>
    /// <value>0 to 10. Default 0.5.</value>
    public double RetryAfterJitter { get; set; } = 0.5;

    /// <summary>Whether refusals have a body: a problem document (RFC 9457). A handler that writes its own response replaces it.</summary>
    /// <value>Default true.</value>
    public bool ProblemDetails { get; set; } = true;

    /// <summary>Called for each refusal, with status and headers set. Afterwards the handler of all policies is called, <see
    /// cref="RateLimiterOptions.OnRejected"/>.</summary>
    /// <value>Default null.</value>
    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; set; }

    internal IReadOnlyList<ChargeRule> Charges => _charges;

    /// <summary>Charges the user, or the address if the request is anonymous. The user is the claim <c>nameidentifier</c> or <c>sub</c>, or
    /// else the name. Place authentication before the rate limiter in the pipeline.</summary>
    /// <param name="policy">Policy whose buckets are charged.</param>
    public RedisPolicyOptions PerUser(RateLimitPolicy policy) => Add(new ChargeRule(policy, Partitions.User));

    /// <summary>Charges the user, or the address if the request is anonymous.</summary>
    /// <param name="policy">Name of a policy in the configuration.</param>
    public RedisPolicyOptions PerUser(string policy) => Add(new ChargeRule(policy, Partitions.User));

    /// <summary>Charges one token to the address of the connection. Behind a proxy, place the middleware for forwarded headers before the
    /// rate limiter. If there are other charges too, responses show these buckets only when they refuse, because they reveal the traffic of
    /// other clients at the same address.</summary>
    /// <param name="policy">Policy whose buckets are charged.</param>
    public RedisPolicyOptions PerAddress(RateLimitPolicy policy)
        => Add(new ChargeRule(policy, Partitions.Address) { IsAddress = true });

    /// <summary>Charges one token to the address of the connection.</summary>
    /// <param name="policy">Name of a policy in the configuration.</param>
    public RedisPolicyOptions PerAddress(string policy) => Add(new ChargeRule(policy, Partitions.Address) { IsAddress = true });

    /// <summary>Charges the value of a request header, or the address if the header is missing. Redis sees a hash of the value. Clients can
    /// send any value: add <see cref="PerAddress(RateLimitPolicy)"/>, unless the value has been verified.</summary>
    /// <param name="header">Name of the header.</param>
    /// <param name="policy">Policy whose buckets are charged.</param>
    public RedisPolicyOptions PerHeader(string header, RateLimitPolicy policy)
        => Add(new ChargeRule(policy, Partitions.Header(header)));

    /// <summary>Charges the value of a request header, or the address if the header is missing.</summary>
    /// <param name="header">Name of the header.</param>
    /// <param name="policy">Name of a policy in the configuration.</param>
    public RedisPolicyOptions PerHeader(string header, string policy) => Add(new ChargeRule(policy, Partitions.Header(header)));

    /// <summary>Charges a partition that a delegate finds.</summary>
    /// <param name="partition">Finds the partition: 1 to 256 characters, which become part of a Redis key. Null charges the
    /// address.</param>
    /// <param name="policy">Policy whose buckets are charged.</param>
    public RedisPolicyOptions Per(Func<HttpContext, string?> partition, RateLimitPolicy policy)
        => Add(new ChargeRule(policy, Partitions.Custom(partition)));

    /// <summary>Charges a partition that a delegate finds.</summary>
    /// <param name="partition">Finds the partition: 1 to 256 characters, which become part of a Redis key. Null charges the
    /// address.</param>
    /// <param name="policy">Name of a policy in the configuration.</param>
    public RedisPolicyOptions Per(Func<HttpContext, string?> partition, string policy)
        => Add(new ChargeRule(policy, Partitions.Custom(partition)));

    private RedisPolicyOptions Add(ChargeRule charge)
    {
        _charges.Add(charge);
        return this;
    }
}
