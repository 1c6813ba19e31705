using System.Runtime.InteropServices;
using OpenClaw.EdgeBench;
using OpenClaw.EdgeBench.ColdStarts;
using OpenClaw.EdgeBench.Guarding;
using OpenClaw.EdgeBench.Latency;
using OpenClaw.EdgeBench.Measurements;
using OpenClaw.EdgeBench.Memory;
using OpenClaw.EdgeBench.Outages;
using OpenClaw.EdgeBench.Scaling;
using OpenClaw.EdgeBench.Telemetry;

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

    string report = options.Benchmark switch
    {
        null => await PeerComparison.RunAsync(options, stop.Token),
        "latency" => await LatencyComparison.RunAsync(options, stop.Token),
        "cold" => await ColdStart.RunAsync(options, stop.Token),
        "memory" => await MemoryUse.RunAsync(options, stop.Token),
        "outage" => await Outage.RunAsync(options, stop.Token),
        "scale-out" => await ScaleOut.RunAsync(options, stop.Token),
        "telemetry" => await TelemetryCost.RunAsync(options, stop.Token),
        "guard" => await Guard.RunAsync(options, stop.Token),
        var other => throw new FormatException($"Unknown benchmark {other}.{Environment.NewLine}{BenchOptions.Usage}"),
    };
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
