using System.Globalization;

namespace OpenClaw.Soak.Tests.Edges;

/// <summary>Memory, threads and file descriptors of a process, sampled over the run. Linux only; elsewhere nothing is sampled.</summary>
internal sealed class ResourceLog(string name, int processId)
{
    private readonly List<Sample> _samples = [];

    public string Name => name;

    /// <summary>One sample.</summary>
    internal sealed record Sample(double Second, long Resident, long Heap, int Threads, int Files);

    public void Take(double second, long heap)
    {
        try
        {
            string[] status = File.ReadAllLines($"/proc/{processId}/status");
            int files = Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length;
            _samples.Add(new Sample(second, Number(status, "VmRSS:") * 1024, heap, (int)Number(status, "Threads:"), files));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended, which is found elsewhere.
        }
    }

    /// <summary>Medians of each quarter of the run; fewer than four when there are too few samples.</summary>
    public IReadOnlyList<Sample> Quarters() =>
    [
        .. _samples.Chunk(Math.Max(1, (_samples.Count + 3) / 4)).Select(quarter => new Sample(
            quarter[0].Second,
            Median(quarter, sample => sample.Resident),
            Median(quarter, sample => sample.Heap),
            (int)Median(quarter, sample => sample.Threads),
            (int)Median(quarter, sample => sample.Files))),
    ];

    private static long Median(Sample[] samples, Func<Sample, long> value) => samples.Select(value).Order().ElementAt(samples.Length / 2);

    private static long Number(string[] lines, string field) => long.Parse(
        lines.First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..]
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);
}
