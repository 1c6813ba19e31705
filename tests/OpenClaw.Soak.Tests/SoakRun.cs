using System.Diagnostics;
using OpenClaw.Soak.Tests.Accounting;
using OpenClaw.Soak.Tests.Edges;
using OpenClaw.Soak.Tests.Faults;
using OpenClaw.Soak.Tests.InProcess;
using OpenClaw.Soak.Tests.Traffic;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests;

/// <summary>Phase after phase: traffic, a fault, recovery; then no request is under way, and the accounts are settled.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int Edges = 3;
    private const string Throwing = "listeners throw", Misusing = "answers misused", Leaving = "clients leave";
    private static readonly string[] Besides = [Throwing, Misusing, Leaving];
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Drained = TimeSpan.FromSeconds(25);

    private readonly SoakOptions _options;
    private readonly Violations _violations;
    private readonly Report _report;
    private readonly Random _random;
    private readonly List<Phase> _phases = [];
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<EdgeNode> _edges = [];
    private EdgeSettings _settings = null!;
    private RuleChanges _rules = null!;
    private RedisFaults _redis = null!;
    private HttpTraffic _traffic = null!;
    private LeavingClients _leaving = null!;
    private LimiterLoad _limiter = null!;
    private EdgeAccounts _accounts = null!;
    private string _history = "";

    private SoakRun(SoakOptions options, Violations violations, Report report)
    {
        _options = options;
        _violations = violations;
        _report = report;
        _random = new Random(options.Seed);
    }

    public static async Task<SoakRun> StartAsync(SoakOptions options, Violations violations, Report report)
    {
        // Sentinel failovers and hung calls block pool threads of this process; its own measurements must not wait for new ones.
        ThreadPool.SetMinThreads(32, 32);
        SoakRun run = new(options, violations, report);
        try
        {
            await run.LaunchAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public async Task RunAsync()
    {
        Fault[] all = [new("nothing", random => Task.Delay(random.Next(1000, 3000))), .. _redis.All, .. _rules.All];
        Fault[] drawn = [.. all.Where(fault => _options.Only.Length == 0 || _options.Only.Contains(fault.Name))];
        if (drawn.Length == 0)
        {
            throw new InvalidOperationException($"OPENCLAW_SOAK_FAULTS names no fault; there are: {string.Join(", ", all.Select(fault => fault.Name))}.");
        }

        FaultBag bag = new(drawn, _random);
        double begin = _violations.Now;
        using CancellationTokenSource ended = new();
        Task sampling = SampleAsync(ended.Token);
        while (_violations.Now - begin < _options.Duration.TotalSeconds && !_violations.End.IsCancellationRequested)
        {
            await RunPhaseAsync(bag.Next());
        }

        await ended.CancelAsync();
        await sampling;
        new FlatResources(_violations, _options.Duration).Check(_edges.Select(edge => edge.Resources));
        Print();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EdgeNode edge in _edges)
        {
            edge.Dispose();
        }

        foreach (IAsyncDisposable server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        _settings?.Dispose();
    }

    private async Task LaunchAsync()
    {
        SentinelDeployment redis = await SentinelDeployment.StartAsync();
        _servers.Add(redis);
        Upstream upstream = await Upstream.StartAsync();
        _servers.Add(upstream);
        _settings = new EdgeSettings(upstream.Address);
        _rules = new RuleChanges(redis, _settings);
        _redis = new RedisFaults(redis, _rules);
        await _rules.WriteDocumentAsync(await _redis.SettledAsync(), isValid: true);
        for (int i = 1; i <= Edges; i++)
        {
            _edges.Add(await EdgeNode.StartAsync($"edge-{i}", redis.ConnectionString, _settings, Edges));
        }

        _limiter = await LimiterLoad.StartAsync(redis.ConnectionString, _violations, _options.Seed);
        _servers.Add(_limiter);
        _traffic = new HttpTraffic(_edges, _violations, _options.Seed);
        _leaving = new LeavingClients(_edges, _options.Seed);
        _accounts = new EdgeAccounts(_edges, upstream, _traffic, _violations);
        await RecoverAsync();
        await RulesInForceAsync();
        await _accounts.BeginAsync();
        _history = await _redis.HistoryAsync();
    }

    private async Task RunPhaseAsync(Fault fault)
    {
        // Each of them in one of the first phases, so that the shortest run has them all.
        string[] besides = [.. Besides.Where((name, index) =>
            (_random.Next(3) == 0 || index == _phases.Count) && (_options.Only.Length == 0 || _options.Only.Contains(name)))];
        bool throwing = besides.Contains(Throwing), misusing = besides.Contains(Misusing), leaving = besides.Contains(Leaving);
        Phase phase = new(fault.Name, besides) { Begin = _violations.Now };
        _violations.Fault = phase.Name;
        int violations = _violations.Count, lines = _edges.Sum(edge => edge.Log.Lines), writes = _rules.Writes;
        string before = await _redis.HistoryAsync();
        using (CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(_violations.End))
        {
            Task requests = Task.WhenAll(
                _traffic.RunAsync(phase.Answers, stop.Token),
                _limiter.RunAsync(throwing, misusing, phase.Answers, stop.Token),
                leaving ? _leaving.RunAsync(phase.Answers, stop.Token) : Task.CompletedTask);
            await Task.Delay(_random.Next(500, 1500));
            double injected = _violations.Now;
            await fault.InjectAsync(_random);
            string after = await _redis.HistoryAsync();

            // On busy processors a Sentinel may take Redis for dead at any time.
            phase.FailedOver = after != _history;
            phase.FaultSeconds = _violations.Now - (before == _history ? injected : phase.Begin);
            _history = after;
            phase.Recovery = await RecoverAsync();
            await Task.Delay(_random.Next(500, 1500));
            await stop.CancelAsync();
            await EndAsync(requests);
        }

        phase.RuleWrites = _rules.Writes - writes;
        await RulesInForceAsync();
        await _limiter.CheckAsync(_violations.Now - phase.Begin, phase.Lost);
        await _accounts.CheckAsync(phase);
        phase.LogLines = _edges.Sum(edge => edge.Log.Lines) - lines;
        CheckLogs(phase);
        _phases.Add(phase);
        _report.Line($"{phase.Begin,7:0.0} s  {phase.Name}{(phase.FailedOver ? ", another master" : "")}: {phase.Answers.Total} answers, longest "
            + $"{phase.Answers.Longest:0.00} s, {phase.LogLines} log lines, violations {_violations.Count - violations}");
    }

    private async Task EndAsync(Task requests)
    {
        try
        {
            await requests.WaitAsync(Drained);
        }
        catch (TimeoutException)
        {
            _violations.Add("hang", $"Callers still wait {Drained.TotalSeconds} s after the last request was sent.");
        }
    }

    /// <summary>Waits until every limiter decides in Redis again, and returns how long that took.</summary>
    private async Task<double> RecoverAsync()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await Poll.UntilAsync("all limiters decide in Redis", async () =>
                await _limiter.IsRedisBackAsync() && (await Task.WhenAll(_edges.Select(edge => edge.ScrapeAsync()))).All(edge => edge.Circuit == 0), Recovery);
        }
        catch (TimeoutException exception)
        {
            _violations.Add("no recovery", exception.InnerException is { } reason ? $"{exception.Message} {reason.Message}" : exception.Message);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task RulesInForceAsync()
    {
        try
        {
            await Poll.UntilAsync("every edge has the last rules in force", async () =>
            {
                foreach (EdgeNode edge in _edges)
                {
                    if (await _traffic.VersionAsync(edge, SoakPolicy.RedisMarker, new Answers()) != _rules.ValidDocument
                        || await _traffic.VersionAsync(edge, SoakPolicy.FileMarker, new Answers()) != _settings.FileVersion)
                    {
                        return false;
                    }
                }

                return true;
            }, Recovery);
        }
        catch (TimeoutException)
        {
            _violations.Add("rules not in force", $"After {Recovery.TotalSeconds} s not every edge has document {_rules.ValidDocument} and file {_settings.FileVersion}.");
        }
    }

    private void CheckLogs(Phase phase)
    {
        // A person reads it: a page at most for one fault on one edge.
        int limit = Edges * (24 + (6 * phase.RuleWrites));
        if (phase.LogLines > limit)
        {
            _violations.Add("log too long", $"{phase.LogLines} lines, at most {limit}.");
        }

        foreach ((string template, string evidence) in _edges.SelectMany(edge => edge.Log.TakeUnreadable()))
        {
            _violations.Add($"unreadable log: {template.ReplaceLineEndings(" ")}", evidence[..Math.Min(evidence.Length, 400)].ReplaceLineEndings(" | "));
        }
    }

    private async Task SampleAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            foreach (EdgeNode edge in _edges)
            {
                edge.Resources.Take(_violations.Now, _accounts.HeapOf(edge));
                if (edge.HasExited)
                {
                    _violations.Add("edge ended", edge.Log.Tail());
                }
            }

            await HttpTraffic.PauseAsync(500, ended);
        }
    }

    private void Print()
    {
        _report.Phases(_phases);
        _report.Resources(_edges.Select(edge => edge.Resources));
        _report.Log(_edges.Select(edge => edge.Log));
        _report.Line("");
        _report.Line($"Listeners threw {_limiter.Thrown} times. Highest use of capacity + rate × t in any interval, by bucket: "
            + string.Join(", ", _traffic.Grants.Select(item => $"{item.Key} {item.Value.Peak:0.00}")
                .Concat(_limiter.Callers.Select(caller => $"{caller.Name} {caller.Store.Peak:0.00}"))) + ".");
    }
}
