using System.Text;
using OpenClaw.EdgeBench.Measurements;

namespace OpenClaw.EdgeBench.Reports;

/// <summary>The figures as Markdown: medians over the rounds, and ratios of runs of the same round.</summary>
internal sealed class Report(IReadOnlyDictionary<Workload, List<Sample>> samples)
{
    private readonly StringBuilder _text = new();

    public string Write(BenchOptions options, IReadOnlyList<ScenarioResult> scenario)
    {
        Line($"{Machine.Describe()}. {options.Rounds} rounds of {options.Seconds} s, wrk with 64 connections on the same machine.");
        Line("");
        if (samples.Count > 0)
        {
            WriteWorkloads();
            WriteComparisons();
            WriteLimitCosts();
        }

        WriteScenario(scenario);
        WriteFaults();
        return _text.ToString();
    }

    private void WriteWorkloads()
    {
        Line("| Workload | requests/s | p50 ms | p99 ms | edge or peer µs | Redis µs | rating API µs | wrk µs "
            + "| scripts/request | µs/script |");
        Line("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach ((Workload workload, List<Sample> runs) in samples)
        {
            long scripts = runs.Sum(run => run.Scripts.Calls);
            Line($"| {workload.Name} | {Median(runs, run => run.Result.PerSecond):F0} "
                + $"| {Median(runs, run => run.Result.P50) / 1000:F2} | {Median(runs, run => run.Result.P99) / 1000:F2} "
                + $"| {Median(runs, run => run.TargetMicros):F1} | {Median(runs, run => run.RedisMicros):F1} "
                + $"| {Median(runs, run => run.UpstreamMicros):F1} | {Median(runs, run => run.WrkMicros):F1} "
                + $"| {Median(runs, run => run.ScriptCallsPerRequest):F3} "
                + $"| {(scripts == 0 ? "" : $"{(double)runs.Sum(run => run.Scripts.Micros) / scripts:F1}")} |");
        }

        Line("");
    }

    private void WriteComparisons()
    {
        Line("| Ratio | throughput | lowest to highest | by CPU | aim | |");
        Line("|---|--:|--:|--:|--:|---|");
        foreach (Comparison comparison in Plan.Comparisons)
        {
            if (!samples.TryGetValue(comparison.Of, out List<Sample>? of) || !samples.TryGetValue(comparison.To, out List<Sample>? to))
            {
                continue;
            }

            double[] ratios = [.. of.Zip(to, (a, b) => a.Result.PerSecond / b.Result.PerSecond).Order()];
            double byCpu = Median([.. of.Zip(to, (a, b) => b.TotalMicros / a.TotalMicros)], ratio => ratio);
            double ratio = Median([.. ratios], ratio => ratio);
            string verdict = comparison.Aim is not { } aim ? "" : ratio >= aim ? "reached" : "missed";
            Line($"| {comparison.Of.Name} ÷ {comparison.To.Name} | {ratio:F2} | {ratios[0]:F2} to {ratios[^1]:F2} | {byCpu:F2} "
                + $"| {comparison.Aim:0.00} | {verdict} |");
        }

        Line("");
    }

    private void WriteLimitCosts()
    {
        LimitCost[] measured =
        [
            .. Plan.LimitCosts.Where(
                cost => new[] { cost.Own.Limited, cost.Own.Unlimited, cost.Peer.Limited, cost.Peer.Unlimited }.All(samples.ContainsKey)),
        ];
        if (measured.Length == 0)
        {
            return;
        }

        Table table = new("What a limit costs, proxy and Redis, per allowed request", "edge µs", "nginx + Lua µs", "ratio", "aim", "");
        foreach (LimitCost cost in measured)
        {
            double own = Above(cost.Own), peer = Above(cost.Peer);
            table.Row(cost.Name, $"{own:F1}", $"{peer:F1}", $"{own / peer:F2}", $"{cost.Aim:F2}",
                $"{(own <= cost.Aim * peer ? "reached" : "missed")}");
        }

        Line(table.ToString());

        double Above((Workload Limited, Workload Unlimited) pair) => Medians.Of(
            samples[pair.Limited].Zip(samples[pair.Unlimited], (limited, unlimited) => limited.ProxyMicros - unlimited.ProxyMicros));
    }

    private void WriteScenario(IReadOnlyList<ScenarioResult> scenario)
    {
        if (scenario.Count == 0)
        {
            return;
        }

        Line("| Users (pause of 0.1 s) | requests/s | p50 ms | p99 ms | edge µs | 200 | 200 computed | 429 | 429 computed "
            + "| anything else |");
        Line("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (ScenarioResult result in scenario)
        {
            double count = result.Users.Count;
            double? admitted = result.ComputedAdmissions;
            Line($"| {result.Name} | {count / result.Users.Duration.TotalSeconds:F0} "
                + $"| {result.Users.Percentile(0.5).TotalMilliseconds:F2} | {result.Users.Percentile(0.99).TotalMilliseconds:F2} "
                + $"| {result.CpuPerRequest.TotalMicroseconds:F1} | {result.Users.Succeeded} | {admitted:F0} "
                + $"| {result.Users.Refused / count:P3} | {1 - (admitted / count):P3} | {result.Users.Failed} |");
        }

        Line("");
    }

    private void WriteFaults()
    {
        foreach ((Workload workload, List<Sample> runs) in samples)
        {
            foreach (string fault in runs.Select(run => run.Fault(workload.Denied)).OfType<string>())
            {
                Line($"Not valid: {workload.Name}: {fault}.");
            }
        }
    }

    private static double Median<T>(List<T> items, Func<T, double> value) => Medians.Of(items.Select(value));

    private void Line(string line) => _text.AppendLine(line);
}
