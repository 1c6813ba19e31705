using System.Runtime.InteropServices;
using OpenClaw.EdgeBench;
using OpenClaw.EdgeBench.Measurements;
using OpenClaw.EdgeBench.Reports;
using OpenClaw.EdgeBench.Targets;

using CancellationTokenSource stop = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    if (args.Contains("--help"))
    {
        Console.WriteLine(BenchOptions.Usage);
        return 0;
    }

    BenchOptions options = BenchOptions.Parse(args);
    if (options.List)
    {
        Console.WriteLine(string.Join(Environment.NewLine, Plan.Workloads.Select(workload => workload.Name)));
        return 0;
    }

    Machine.Require("redis-server", "wrk");
    Workload[] workloads = [.. Plan.Workloads.Where(workload => options.Only.IsMatch(workload.Name))];
    foreach (Target target in workloads.Select(workload => workload.Target).Where(target => target.Missing is not null).Distinct())
    {
        Console.Error.WriteLine($"Left out: {target.Name}. To have it: {target.Missing}");
    }

    workloads = [.. workloads.Where(workload => workload.Target.Missing is null)];
    Target[] targets = [.. workloads.Select(workload => workload.Target).Concat(options.Scenario ? ArticleScenario.Targets : []).Distinct()];
    using Stage stage = await Stage.StartAsync(targets, stop.Token);

    Rounds rounds = new(stage, workloads);
    await rounds.RunAsync(options, stop.Token);
    IReadOnlyList<ScenarioResult> scenario = options.Scenario ? await ArticleScenario.RunAsync(stage, stop.Token) : [];

    string report = new Report(rounds.Samples).Write(options, scenario);
    Console.WriteLine(report);
    if (options.Out is { } file)
    {
        await File.WriteAllTextAsync(file, report);
    }

    return 0;
}
catch (Exception e) when (e is FormatException or InvalidOperationException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    // The servers are stopped on the way out of the block above.
    signal.Cancel = true;
    stop.Cancel();
}
