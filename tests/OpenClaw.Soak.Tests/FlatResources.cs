using OpenClaw.Soak.Tests.Edges;

namespace OpenClaw.Soak.Tests;

/// <summary>Compares the second quarter of the run with the last: the first is warm-up.</summary>
internal sealed class FlatResources(Violations violations, TimeSpan duration)
{
    private const long MB = 1024 * 1024;

    public void Check(IEnumerable<ResourceLog> edges)
    {
        // Within the first minutes much is still compiled anew; later half of a run may not add this much.
        bool isLong = duration >= TimeSpan.FromMinutes(15);
        long memory = (isLong ? 24 : 64) * MB;
        int threads = isLong ? 12 : 40, files = isLong ? 60 : 150;
        foreach (ResourceLog edge in edges)
        {
            if (edge.Quarters() is not [_, var second, _, var last])
            {
                continue;
            }

            Compare(edge.Name, "resident memory", second.Resident / MB, last.Resident / MB, memory / MB);
            Compare(edge.Name, "managed heap", second.Heap / MB, last.Heap / MB, memory / MB);
            Compare(edge.Name, "threads", second.Threads, last.Threads, threads);
            Compare(edge.Name, "open files", second.Files, last.Files, files);
        }
    }

    private void Compare(string edge, string what, long before, long after, long growth)
    {
        if (after - before > growth)
        {
            violations.Add("not flat", $"{edge}: {what} {before} in the second quarter and {after} in the last; at most {growth} more.");
        }
    }
}
