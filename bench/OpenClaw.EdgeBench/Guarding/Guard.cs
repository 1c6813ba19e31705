using OpenClaw.EdgeBench.Measurements;
using OpenClaw.EdgeBench.Reports;

namespace OpenClaw.EdgeBench.Guarding;

/// <summary>Compares ratios of processor time with those in <c>bench/guard.json</c>, in two minutes. Processor time depends less on other
/// load of the machine than throughput.</summary>
internal static class Guard
{
    private const int Rounds = 5, Seconds = 2, WarmUpSeconds = 8;

    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server", "wrk");
        GuardFile file = GuardFile.Read();
        Workload[] workloads = [.. Plan.Guarded.SelectMany(comparison => new[] { comparison.To, comparison.Of }).Distinct()];
        using Stage stage = await Stage.StartAsync(workloads.Select(workload => workload.Target).Distinct(), cancellationToken);
        Rounds rounds = new(stage, workloads);
        await rounds.RunAsync(options with { Rounds = Rounds, Seconds = Seconds, WarmUpSeconds = WarmUpSeconds }, cancellationToken);

        Table table = new("Ratio by processor time", "now", "lowest to highest", "committed", "least", "");
        List<string> lost = [];
        foreach (Comparison comparison in Plan.Guarded)
        {
            string name = $"{comparison.Of.Name} ÷ {comparison.To.Name}";
            List<Sample> of = rounds.Samples[comparison.Of], to = rounds.Samples[comparison.To];
            if (of.Concat(to).Any(sample => sample.Result.Broken > 0 || sample.Result.Requests == 0))
            {
                throw new InvalidOperationException($"{name}: connections broke; the run says nothing.");
            }

            double[] ratios = [.. of.Zip(to, (own, its) => its.TotalMicros / own.TotalMicros).Order()];
            double now = Medians.Of(ratios);
            double? committed = file.Ratios.TryGetValue(name, out double ratio) ? ratio : null;
            double? least = committed * (1 - file.Tolerance);
            bool isLost = now < least;
            table.Row(
                name, $"{now:F2}", $"{ratios[0]:F2} to {ratios[^1]:F2}", $"{committed:0.00}", $"{least:0.00}",
                $"{(committed is null ? "new" : isLost ? "lost" : "held")}");
            if (isLost)
            {
                lost.Add(name);
            }

            if (options.Update)
            {
                file.Ratios[name] = Math.Round(now, 3);
            }
        }

        string report = $"{Machine.Describe()}.{Environment.NewLine}{Environment.NewLine}{table}";
        if (options.Update)
        {
            file.Write();
            return $"{report}{Environment.NewLine}Written to {GuardFile.Path}.";
        }

        return lost.Count == 0
            ? report
            : throw new InvalidOperationException(
                $"{report}{Environment.NewLine}Lost more than {file.Tolerance:P0}: {string.Join("; ", lost)}. "
                + "Run it again on a quiet machine; if it is so, find the cause, or accept it with --update.");
    }
}
