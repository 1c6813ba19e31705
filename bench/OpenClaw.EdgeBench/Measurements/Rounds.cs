namespace OpenClaw.EdgeBench.Measurements;

/// <summary>Runs every workload once per round, in turn, so that changes of the machine affect all of them.</summary>
internal sealed class Rounds(Stage stage, IReadOnlyList<Workload> workloads)
{
    private readonly Dictionary<Workload, List<Sample>> _samples = workloads.ToDictionary(workload => workload, _ => new List<Sample>());

    public IReadOnlyDictionary<Workload, List<Sample>> Samples => _samples;

    public async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        foreach (Workload workload in workloads)
        {
            Progress($"warm-up: {workload.Name}");
            await stage.RunAsync(workload, options.WarmUpSeconds, cancellationToken);
        }

        for (int round = 1; round <= options.Rounds; round++)
        {
            // In alternating order, so that none always follows the same other.
            foreach (Workload workload in round % 2 == 1 ? workloads : workloads.Reverse())
            {
                Sample sample = await stage.RunAsync(workload, options.Seconds, cancellationToken);
                _samples[workload].Add(sample);
                Progress(
                    $"{round}/{options.Rounds} {workload.Name}: {sample.Result.PerSecond:F0}/s, {sample.TotalMicros:F1} µs of CPU each");
            }
        }
    }

    private static void Progress(string line) => Console.Error.WriteLine(line);
}
