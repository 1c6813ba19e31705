using System.Globalization;

namespace OpenClaw.EdgeBench.Servers;

/// <summary>A process and its descendants (nginx workers, the processes of a Node cluster) in Linux's accounting.</summary>
internal static class ProcessTree
{
    // USER_HZ: 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Processor time, user and kernel, of the process and all its living descendants.</summary>
    public static TimeSpan CpuTime(int processId)
    {
        TimeSpan sum = OwnCpuTime(processId);
        foreach (int child in Children(processId))
        {
            sum += CpuTime(child);
        }

        return sum;
    }

    private static TimeSpan OwnCpuTime(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            // The name in parentheses may contain spaces; utime and stime are fields 14 and 15 of the line, 12 and 13 after the name.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }
    }

    private static IEnumerable<int> Children(int processId)
    {
        List<int> children = [];
        try
        {
            foreach (string task in Directory.GetDirectories($"/proc/{processId}/task"))
            {
                string text = File.ReadAllText(Path.Combine(task, "children"));
                children.AddRange(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
            }
        }
        catch (IOException)
        {
            // The process or one of its threads ended meanwhile.
        }

        return children;
    }
}
