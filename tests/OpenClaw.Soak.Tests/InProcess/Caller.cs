using OpenClaw.RateLimiting;
using OpenClaw.Soak.Tests.Accounting;

namespace OpenClaw.Soak.Tests.InProcess;

/// <summary>A correct caller with its own policy, so that an answer meant for another caller is detected.</summary>
internal sealed class Caller
{
    private const long Capacity = 30;
    private const long Rate = 15;

    /// <summary>The longest wait for an answer on two busy processors; a decision has 250 ms.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly RateLimitPolicy _policy;
    private readonly FailureMode _mode;
    private readonly Violations _violations;
    private readonly Random _random;

    public Caller(int index, FailureMode mode, Violations violations, int seed)
    {
        _mode = mode;
        _policy = new RateLimitPolicy($"caller-{index}", [new TokenBucket("tokens", Capacity, Rate, TimeSpan.FromSeconds(1))], mode);
        _violations = violations;
        _random = new Random(seed + index);
    }

    public string Name => $"{_policy.Name} ({_mode})";

    /// <summary>What Redis granted, held to capacity + rate × t.</summary>
    public GrantLog Store { get; } = new(Capacity, Rate);

    /// <summary>Tokens granted in memory since this was last set to 0.</summary>
    public long Local { get; private set; }

    /// <summary>Most tokens that memory may grant in an outage of so many seconds.</summary>
    public static double LocalBound(double seconds) => Capacity + (Rate * seconds);

    public void ForgetLocal() => Local = 0;

    /// <summary>Asks once. False when there was no answer.</summary>
    public async Task<bool> AskAsync(IRateLimiterClient limiter, Action<DecisionSource, bool, double> answered)
    {
        // Now and then more than the bucket can ever hold.
        long cost = _random.Next(50) == 0 ? Capacity + 1 : _random.Next(1, 4);
        double asked = _violations.Now;
        RateLimitDecision decision;
        try
        {
            decision = await limiter.DecideAsync([new Charge(_policy, "shared", cost)]).AsTask().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            _violations.Add("hang", $"{Name} has no answer within {Limit.TotalSeconds} s.");
            return false;
        }
        catch (Exception exception)
        {
            _violations.Add("exception from DecideAsync", $"{Name}: {exception.GetType().Name}: {exception.Message}");
            return true;
        }

        double now = _violations.Now;
        answered(decision.Source, decision.IsAllowed, now - asked);
        if (decision.IsAllowed && decision.Source == DecisionSource.Store)
        {
            Store.Add(asked, now, cost);
        }
        else if (decision.IsAllowed && decision.Source == DecisionSource.Local)
        {
            Local += cost;
        }

        if (ErrorIn(decision, cost) is { } error)
        {
            _violations.Add("wrong decision", $"{Name}, cost {cost}, {decision.Source}: {error}");
        }

        return true;
    }

    private string? ErrorIn(in RateLimitDecision decision, long cost) => decision switch
    {
        { Source: DecisionSource.Open } when _mode != FailureMode.Open => "Open under another failure mode.",
        { Source: DecisionSource.Closed } when _mode != FailureMode.Closed => "Closed under another failure mode.",
        { Source: DecisionSource.Local } when _mode != FailureMode.Local => "Local under another failure mode.",
        { Source: DecisionSource.Open, IsAllowed: false } => "Open and refused.",
        { Source: DecisionSource.Closed, IsAllowed: true } => "Closed and allowed.",
        { Source: DecisionSource.Open or DecisionSource.Closed } => null,
        { Buckets.Length: not 1 } => $"{decision.Buckets.Length} buckets.",
        _ when !ReferenceEquals(decision.Buckets[0].Policy, _policy) => $"The answer is for {decision.Buckets[0].Policy.Name}.",
        { IsAllowed: true } when cost > Capacity => "Allowed, though the cost is above the capacity.",
        { IsAllowed: true } when decision.Buckets[0].Remaining + cost > Capacity => $"{decision.Buckets[0].Remaining} tokens remain.",
        { IsAllowed: false } when cost > Capacity && decision.RetryAfter != Timeout.InfiniteTimeSpan =>
            $"Can be retried after {decision.RetryAfter}.",
        { IsAllowed: false, Source: not DecisionSource.Local } when cost <= Capacity && decision.RetryAfter <= TimeSpan.Zero =>
            $"Refused, to be retried after {decision.RetryAfter}.",
        _ => null,
    };
}
