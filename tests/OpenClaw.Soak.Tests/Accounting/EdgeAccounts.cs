using OpenClaw.Soak.Tests.Edges;
using OpenClaw.Soak.Tests.Traffic;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.Accounting;

/// <summary>Compares, after each phase, what clients were granted with what the edges counted and with what is left in Redis.</summary>
internal sealed class EdgeAccounts(IReadOnlyList<EdgeNode> edges, Upstream upstream, HttpTraffic traffic, Violations violations)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Metrics are served from a cache for 300 ms, and settling follows the answer.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    private EdgeNumbers[] _numbers = [];
    private long _settled;
    private long _left;
    private long _leftAnswered;

    /// <summary>The managed heap of an edge after the last phase.</summary>
    public long HeapOf(EdgeNode edge) => _numbers.Length == 0 ? 0 : _numbers[edges.ToList().IndexOf(edge)].Heap;

    public async Task BeginAsync()
    {
        await ReadAsync();
        _leftAnswered = upstream.LeftAnswered;
    }

    public async Task CheckAsync(Phase phase)
    {
        EdgeNumbers[] before = _numbers;
        long settledBefore = _settled, leftBefore = _left;
        try
        {
            await ReadAsync();
        }
        catch (TimeoutException exception)
        {
            violations.Add("no recovery", exception.Message);
            return;
        }

        // A settlement is no decision and is not counted. When Redis is late, it changes local buckets only, and decisions are local, too.
        bool isCalm = !phase.FailedOver && Sum(before, _numbers, edge => edge.Failures) == 0
            && SoakPolicy.All.All(policy => Decided(before, policy, "local", "open", "closed") == 0);
        foreach (SoakPolicy policy in SoakPolicy.Limited.Append(SoakPolicy.Rewritten))
        {
            CheckGrants(policy, phase, before);
        }

        CheckSettled(settledBefore - _settled, isCalm, phase.FailedOver, before);
        if (isCalm)
        {
            await CheckLeftAsync(leftBefore, before);
        }

        _leftAnswered = upstream.LeftAnswered;
    }

    private static long Sum(EdgeNumbers[] before, EdgeNumbers[] after, Func<EdgeNumbers, long> value) =>
        after.Sum(value) - before.Sum(value);

    private long Decided(EdgeNumbers[] before, SoakPolicy policy, params string[] sources) =>
        Allowed(before, policy, sources) + Sum(before, _numbers, edge => edge.Decisions(policy.Name, isAllowed: false, sources));

    private long Allowed(EdgeNumbers[] before, SoakPolicy policy, params string[] sources) =>
        Sum(before, _numbers, edge => edge.Decisions(policy.Name, isAllowed: true, sources));

    private void CheckGrants(SoakPolicy policy, Phase phase, EdgeNumbers[] before)
    {
        GrantLog grants = traffic.Grants[policy.Name];
        long seen = grants.Unchecked, counted = Allowed(before, policy);
        if (seen != counted)
        {
            violations.Add("answers and decisions differ",
                $"Clients saw {seen} requests of {policy.Name} allowed; the edges counted {counted}.");
        }

        long local = Allowed(before, policy, "local"), open = Allowed(before, policy, "open");
        double excess = grants.Check(local + open + phase.Lost(policy.Capacity, policy.Rate));
        if (excess > 0)
        {
            string sources = string.Join(
                ", ", new[] { "store", "local", "open", "closed" }.Select(source => $"{Decided(before, policy, source)} {source}"));
            violations.Add("too much granted",
                $"{policy.Name}: {excess:0.0} tokens above capacity + rate × t, in {violations.Now - phase.Begin:0.0} s, {seen} granted; "
                + $"decided: {sources}; local and unseen grants are left out.");
        }

        double bound = Math.Max(policy.Capacity, edges.Count) + (policy.Rate * (violations.Now - phase.Begin));
        if (local > bound)
        {
            violations.Add("too much granted", $"{policy.Name}: {local} tokens by local shares; the bound is {bound:0}.");
        }

        if ((open > 0 && policy.FailureMode != "Open") || (local > 0 && policy.FailureMode != "Local"))
        {
            violations.Add("wrong failure mode",
                $"{policy.Name} fails {policy.FailureMode}, and granted {local} locally and {open} unseen.");
        }
    }

    private void CheckSettled(long charged, bool isCalm, bool losesWrites, EdgeNumbers[] before)
    {
        int[] stated = traffic.TakeSettled();
        int flat = SoakPolicy.Settled.Cost;
        long local = Allowed(before, SoakPolicy.Settled, "local"), highest = stated.Sum(cost => Math.Max(flat, cost));

        // One token comes back per hour. What Redis did not hear of is not made up for.
        (long least, long most) = (isCalm, losesWrites) switch
        {
            (true, _) => (stated.Sum() - 1, stated.Sum()),
            (_, false) => (Math.Max(0, stated.Sum(cost => Math.Min(flat, cost)) - (flat * local)) - 1, highest),
            _ => (-stated.Sum(cost => Math.Max(0, flat - cost)), highest),
        };
        if (charged < least || charged > most)
        {
            violations.Add("settling", $"The shared bucket of {SoakPolicy.Settled.Name} lost {charged} tokens; "
                + $"it must be {least} to {most} ({stated.Length} requests, {local} of them decided locally).");
        }
    }

    private async Task CheckLeftAsync(long leftBefore, EdgeNumbers[] before)
    {
        long answered = upstream.LeftAnswered - _leftAnswered, allowed = Allowed(before, SoakPolicy.Left);
        long expected = (answered * Upstream.LeftCost) + ((allowed - answered) * SoakPolicy.Left.Cost);
        if (leftBefore - _left < expected - 1)
        {
            // Nobody waits for the charge of a client who has left, so it may be late on a busy machine.
            await Task.Delay(Late);
            _left = await RemainingAsync(SoakPolicy.Left);
        }

        long charged = leftBefore - _left;
        if (charged > expected || charged < expected - 1)
        {
            violations.Add("clients who left did not pay", $"Clients who left were charged {charged} tokens instead of {expected}: "
                + $"{answered} requests answered at {Upstream.LeftCost} each, "
                + $"{allowed - answered} not answered at {SoakPolicy.Left.Cost}.");
        }
    }

    private async Task ReadAsync()
    {
        await Poll.UntilAsync("the upstream is idle", () => upstream.Active == 0, Limit);
        await Task.Delay(Settling);
        _settled = await RemainingAsync(SoakPolicy.Settled);
        _left = await RemainingAsync(SoakPolicy.Left);
        await Task.Delay(Settling);
        _numbers = await Task.WhenAll(edges.Select(edge => edge.ScrapeAsync()));
    }

    private async Task<long> RemainingAsync(SoakPolicy policy)
    {
        long? remaining = null;
        await Poll.UntilAsync($"Redis says what is left for {policy.Name}", async () =>
        {
            // A look at a bucket is no decision: no edge counts it.
            remaining = await edges[0].RemainingAsync(policy);
            return remaining is not null;
        }, Limit);
        return remaining!.Value;
    }
}
