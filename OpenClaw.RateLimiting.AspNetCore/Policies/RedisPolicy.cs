using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>A policy of the ASP.NET Core middleware that uses a shared limiter. The middleware keeps one limiter per key and passes it no
/// request, so the current request is kept in an async local.</summary>
internal sealed class RedisPolicy : IRateLimiterPolicy<ChargeSet>
{
    private static readonly AsyncLocal<PendingRequest?> Request = new();

    private readonly RedisPolicyOptions _options;
    private readonly RateLimiterOptions _middleware;
    private readonly RateLimitHeaders _headers;
    private readonly Func<ChargeSet, RateLimiter> _create;
    private IRateLimiterClient? _limiter;
    private IRateLimitPolicies? _policies;
    private volatile PolicyResponses? _responses;

    public RedisPolicy(RedisPolicyOptions options, RateLimiterOptions middleware)
    {
        _options = options;
        _middleware = middleware;
        _headers = new RateLimitHeaders(options.Headers, options.RetryAfterJitter);
        _create = set => new ChargeLimiter(this, set);
        OnRejected = RejectAsync;
    }

    /// <summary>The request that is waiting for a lease; null afterwards. Work that its endpoint starts inherits the async local, and would
    /// otherwise keep the request in memory after its end.</summary>
    public static HttpContext? TakeRequest() => Request.Value?.Take();

    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; }

    public IRateLimiterClient Limiter => _limiter!;

    /// <summary>Finds the limiter and the policies when the application starts.</summary>
    /// <exception cref="InvalidOperationException">No limiter is registered.</exception>
    /// <exception cref="KeyNotFoundException">The configuration lacks a policy.</exception>
    public void Activate(IServiceProvider services)
    {
        string? key = _options.LimiterKey;
        _limiter = (key is null ? services.GetService<IRateLimiterClient>() : services.GetKeyedService<IRateLimiterClient>(key))
            ?? throw new InvalidOperationException(key is null
                ? "No rate limiter is registered. Call AddRedisRateLimiter or AddInMemoryRateLimiter."
                : $"No rate limiter is registered under the key '{key}'. Call AddKeyedRedisRateLimiter or AddKeyedInMemoryRateLimiter.");
        _policies = key is null
            ? services.GetRequiredService<IRateLimitPolicies>()
            : services.GetRequiredKeyedService<IRateLimitPolicies>(key);
        Resolve();
    }

    public RateLimitPartition<ChargeSet> GetPartition(HttpContext httpContext)
    {
        // The middleware asks twice for one request: before it tries synchronously, and before it waits.
        if (Request.Value?.IsOf(httpContext) != true)
        {
            Request.Value = new PendingRequest(httpContext);
        }

        PolicyResponses responses = Resolve();
        IReadOnlyList<ChargeRule> rules = _options.Charges;
        long cost = _options.Cost?.Invoke(httpContext) ?? 1;
        var charges = new Charge[rules.Count];
        for (int i = 0; i < charges.Length; i++)
        {
            ChargeRule rule = rules[i];
            charges[i] = new Charge(
                responses.Policies[i], rule.PartitionOf(httpContext, _options.IPv6PrefixLength), rule.IsAddress ? 1 : cost);
        }

        return RateLimitPartition.Get(new ChargeSet(charges, responses), _create);
    }

    /// <summary>Writes the rate limit fields.</summary>
    public void WriteHeaders(HttpContext context, in RateLimitDecision decision, PolicyResponses responses)
    {
        if (!context.Response.HasStarted)
        {
            _headers.Write(context.Response.Headers, decision, responses.AddressFields, responses.Fields);
        }
    }

    // The responses of the current policies. They change only with the configuration.
    private PolicyResponses Resolve()
    {
        PolicyResponses? known = _responses;
        IReadOnlyList<ChargeRule> rules = _options.Charges;
        bool isCurrent = known is not null;
        for (int i = 0; i < rules.Count && isCurrent; i++)
        {
            isCurrent = ReferenceEquals(rules[i].Resolve(_policies!), known!.Policies[i]);
        }

        return isCurrent ? known! : _responses = new PolicyResponses([.. rules.Select(rule => rule.Resolve(_policies!))], rules);
    }

    private async ValueTask RejectAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        HttpResponse response = context.HttpContext.Response;
        Problem? problem = null;
        if (context.Lease is ChargeLease { Decision: { } decision, Responses: { } responses } && !response.HasStarted)
        {
            problem = responses.Problems.Of(decision);
            response.StatusCode = problem.StatusCode;
            _headers.WriteRetryAfter(context.HttpContext, decision);
        }

        if (_options.OnRejected is { } own)
        {
            await own(context, cancellationToken);
        }

        if (_middleware.OnRejected is { } shared)
        {
            await shared(context, cancellationToken);
        }

        if (problem is not null && _options.ProblemDetails && IsUntouched(response, problem))
        {
            ProblemWriter.Write(context.HttpContext, problem);
        }
    }

    private static bool IsUntouched(HttpResponse response, Problem problem)
        => !response.HasStarted && response.StatusCode == problem.StatusCode && response.ContentType is null
            && response.ContentLength is null && response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: 0 };
}
