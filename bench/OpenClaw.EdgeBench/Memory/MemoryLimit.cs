using System.Globalization;

namespace OpenClaw.EdgeBench.Memory;

/// <summary>A limit on a process's memory as a container has it: a control group, or, without the right to make one, the limit that .NET
/// would derive from it.</summary>
internal sealed class MemoryLimit : IDisposable
{
    // .NET keeps its heap within three quarters of a container's limit.
    private const double ShareOfTheHeap = 0.75;

    private readonly string? _group;
    private readonly long _bytes;

    public MemoryLimit(long bytes)
    {
        _bytes = bytes;
        bool isUnified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        string group = $"/sys/fs/cgroup/{(isUnified ? "" : "memory/")}openclaw-bench-{Environment.ProcessId}-{Environment.TickCount64}";
        try
        {
            Directory.CreateDirectory(group);
            string file = Path.Combine(group, isUnified ? "memory.max" : "memory.limit_in_bytes");
            File.WriteAllText(file, bytes.ToString(CultureInfo.InvariantCulture));
            _group = group;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"No control group ({exception.Message}): only the managed heap is limited.");
        }
    }

    /// <summary>Whether the whole process is limited, not only its heap.</summary>
    public bool IsWhole => _group is not null;

    /// <summary>Variables that limit the heap where the process cannot be limited.</summary>
    public IReadOnlyDictionary<string, string> Variables => _group is null
        ? new Dictionary<string,
            string>
        { ["DOTNET_GCHeapHardLimit"] = ((long)(_bytes * ShareOfTheHeap)).ToString("x", CultureInfo.InvariantCulture) }
        : new Dictionary<string, string>();

    /// <summary>A command that starts another one within the limit.</summary>
    public IReadOnlyList<string> Prefix => _group is null ? [] : ["sh", "-c", $"echo $$ > {_group}/cgroup.procs && exec \"$@\"", "sh"];

    public void Dispose()
    {
        if (_group is not null)
        {
            Directory.Delete(_group);
        }
    }
}
