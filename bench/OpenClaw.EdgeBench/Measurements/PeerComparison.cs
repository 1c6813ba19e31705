using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>Throughput and processor time of the edge, against itself without a limit and against its peers.</summary>
internal static class PeerComparison
{
    public static async Task<string> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Machine.Require("redis-server", "wrk");
        Workload[] workloads = [.. Plan.Workloads.Where(workload => options.Only.IsMatch(workload.Name))];
        foreach (Target target in workloads.Select(workload => workload.Target).Where(target => target.Missing is not null).Distinct())
        {
            Console.Error.WriteLine($"Left out: {target.Name}. To have it: {target.Missing}");
        }

        workloads = [.. workloads.Where(workload => workload.Target.Missing is null)];
        Target[] targets = [.. workloads.Select(workload => workload.Target).Concat(
            options.Scenario ? ArticleScenario.Targets : []).Distinct()];
        using Stage stage = await Stage.StartAsync(targets, cancellationToken);

        Rounds rounds = new(stage, workloads);
        await rounds.RunAsync(options, cancellationToken);
        IReadOnlyList<ScenarioResult> scenario = options.Scenario ? await ArticleScenario.RunAsync(stage, cancellationToken) : [];

        return new Report(rounds.Samples).Write(options, scenario);
    }
}
