using System.Net.Sockets;
using OpenClaw.Soak.Tests.Edges;
using OpenClaw.Soak.Tests.Faults;
using OpenClaw.Soak.Tests.Traffic;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests;

/// <summary>Phase after phase: traffic, a fault, recovery; then no request is under way, and the accounts are settled.</summary>
internal sealed class SoakRun(SoakOptions options, SoakStack stack, Violations violations, Report report)
{
    private const string Throwing = "listeners throw", Misusing = "answers misused", Leaving = "clients leave";
    private static readonly string[] Besides = [Throwing, Misusing, Leaving];
    private static readonly TimeSpan Drained = TimeSpan.FromSeconds(25);

    private readonly Random _random = new(options.Seed);
    private readonly List<Phase> _phases = [];
    private string _history = "";

    public async Task RunAsync()
    {
        Fault[] all = [new("nothing", random => Task.Delay(random.Next(1000, 3000))), .. stack.Redis.All, .. stack.Rules.All];
        Fault[] drawn = [.. all.Where(fault => options.Only.Length == 0 || options.Only.Contains(fault.Name))];
        if (drawn.Length == 0)
        {
            throw new InvalidOperationException(
                $"OPENCLAW_SOAK_FAULTS names no fault; there are: {string.Join(", ", all.Select(fault => fault.Name))}.");
        }

        _history = await stack.Redis.HistoryAsync();
        FaultBag bag = new(drawn, _random);
        double begin = violations.Now;
        using CancellationTokenSource ended = new();
        Task sampling = SampleAsync(ended.Token);
        while (violations.Now - begin < options.Duration.TotalSeconds && !violations.End.IsCancellationRequested)
        {
            try
            {
                await RunPhaseAsync(bag.Next());
            }
            catch (Exception exception) when (exception is TimeoutException or HttpRequestException or SocketException or RespException)
            {
                violations.Add("run ended", exception.Message);
                break;
            }
        }

        await ended.CancelAsync();
        await sampling;
        new FlatResources(violations, options.Duration).Check(stack.Edges.Select(edge => edge.Resources));
        Print();
    }

    private async Task RunPhaseAsync(Fault fault)
    {
        // Each of them in one of the first phases, so that the shortest run has them all.
        string[] besides = [.. Besides.Where((name, index) =>
            (_random.Next(3) == 0 || index == _phases.Count) && (options.Only.Length == 0 || options.Only.Contains(name)))];
        bool throwing = besides.Contains(Throwing), misusing = besides.Contains(Misusing), leaving = besides.Contains(Leaving);
        Phase phase = new(fault.Name, besides) { Begin = violations.Now };
        violations.Fault = phase.Name;
        int known = violations.Count, lines = stack.Edges.Sum(edge => edge.Log.Lines), writes = stack.Rules.Writes;
        string before = await stack.Redis.HistoryAsync();
        using (CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(violations.End))
        {
            Task requests = Task.WhenAll(
                stack.Traffic.RunAsync(phase.Answers, stop.Token),
                stack.Limiter.RunAsync(throwing, misusing, phase.Answers, stop.Token),
                leaving ? stack.Leaving.RunAsync(phase.Answers, stop.Token) : Task.CompletedTask);
            try
            {
                await EndureAsync(fault, phase, before);
            }
            finally
            {
                await stop.CancelAsync();
                await EndAsync(requests);
            }
        }

        phase.RuleWrites = stack.Rules.Writes - writes;
        await stack.RulesInForceAsync();
        await stack.Limiter.CheckAsync(violations.Now - phase.Begin, phase.Lost);
        await stack.Accounts.CheckAsync(phase);
        phase.LogLines = stack.Edges.Sum(edge => edge.Log.Lines) - lines;
        CheckLogs(phase);
        _phases.Add(phase);
        report.Line($"{phase.Begin,7:0.0} s  {phase.Name}{(phase.FailedOver ? ", another master" : "")}: "
            + $"{phase.Answers.Total} answers, longest {phase.Answers.Longest:0.00} s, {phase.LogLines} log lines, "
            + $"violations {violations.Count - known}");
    }

    private async Task EndureAsync(Fault fault, Phase phase, string before)
    {
        await Task.Delay(_random.Next(500, 1500));
        double injected = violations.Now;
        await fault.InjectAsync(_random);
        string after = await stack.Redis.HistoryAsync();
        double settled = violations.Now;
        phase.Recovery = await stack.RecoverAsync();
        await Task.Delay(_random.Next(500, 1500));

        // On busy processors a Sentinel may take Redis for dead at any time, also before and after the fault.
        string end = await stack.Redis.HistoryAsync();
        phase.FailedOver = end != _history;
        phase.FaultSeconds = (end == after ? settled : violations.Now) - (before == _history ? injected : phase.Begin);
        _history = end;
    }

    private async Task EndAsync(Task requests)
    {
        try
        {
            await requests.WaitAsync(Drained);
        }
        catch (TimeoutException)
        {
            violations.Add("hang", $"Callers still wait {Drained.TotalSeconds} s after the last request was sent.");
        }
    }

    private void CheckLogs(Phase phase)
    {
        // A person reads it: a page at most for one fault on one edge.
        int limit = SoakStack.EdgeCount * (24 + (6 * phase.RuleWrites));
        if (phase.LogLines > limit)
        {
            violations.Add("log too long", $"{phase.LogLines} lines, at most {limit}.");
        }

        foreach ((string template, string evidence) in stack.Edges.SelectMany(edge => edge.Log.TakeUnreadable()))
        {
            violations.Add(
                $"unreadable log: {template.ReplaceLineEndings(" ")}",
                evidence[..Math.Min(evidence.Length, 400)].ReplaceLineEndings(" | "));
        }
    }

    private async Task SampleAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            foreach (EdgeNode edge in stack.Edges)
            {
                edge.Resources.Take(violations.Now, stack.Accounts.HeapOf(edge));
                if (edge.HasExited)
                {
                    violations.Add("edge ended", edge.Log.Tail());
                }
            }

            await HttpTraffic.PauseAsync(500, ended);
        }
    }

    private void Print()
    {
        report.Phases(_phases);
        report.Resources(stack.Edges.Select(edge => edge.Resources));
        report.Log(stack.Edges.Select(edge => edge.Log));
        report.Line("");
        report.Line($"Listeners threw {stack.Limiter.Thrown} times. Highest use of capacity + rate × t in any interval, by bucket: "
            + string.Join(", ", stack.Traffic.Grants.Select(item => $"{item.Key} {item.Value.Peak:0.00}")
                .Concat(stack.Limiter.Callers.Select(caller => $"{caller.Name} {caller.Store.Peak:0.00}"))) + ".");
    }
}
