using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OpenClaw.Benchmarks;
using OpenClaw.RateLimiting.Redis;

switch (args.FirstOrDefault())
{
    case "script":
        await ScriptCost.RunAsync(args.Length > 1 ? File.ReadAllText(args[1]) : DecisionScript.Text);
        return 0;
    case "raw":
        await RawLimit.RunAsync();
        return 0;
    case { } filter when filter.StartsWith('-'):
        // In this process: the one that BenchmarkDotNet would build does not see this repository's build settings.
        BenchmarkSwitcher.FromAssembly(typeof(MemoryBenchmarks).Assembly).Run(
            args, DefaultConfig.Instance.AddJob(
                Job.ShortRun.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: false))));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            What the limiter costs, measured against a redis-server that is started for it.
              script [file]   server time of the script per call and per decision (of another script, if a file is given)
              raw             decisions per second against redis-benchmark, calls per decision, a million live keys
              --filter '*'    BenchmarkDotNet: memory, Redis and usage, with allocations
            """);
        return 2;
}
