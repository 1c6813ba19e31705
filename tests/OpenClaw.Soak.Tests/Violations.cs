using System.Diagnostics;

namespace OpenClaw.Soak.Tests;

/// <summary>Collects what must never happen. Unless the run goes on, the first violation ends it.</summary>
internal sealed class Violations(SoakOptions options)
{
    private const int ShownPerKind = 3;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _end = new();
    private readonly SortedDictionary<string, (int Count, List<string> First)> _byKind = new(StringComparer.Ordinal);

    /// <summary>The fault in force; part of every message.</summary>
    public string Fault { get; set; } = "start";

    /// <summary>Seconds since the run began.</summary>
    public double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Cancelled when the run is to end early.</summary>
    public CancellationToken End => _end.Token;

    public bool Any => Count > 0;

    public int Count
    {
        get
        {
            lock (_byKind)
            {
                return _byKind.Values.Sum(kind => kind.Count);
            }
        }
    }

    /// <summary>Reports a violation.</summary>
    /// <param name="kind">What is violated, a few words that are the same each time.</param>
    /// <param name="detail">What happened.</param>
    public void Add(string kind, string detail)
    {
        lock (_byKind)
        {
            (int count, List<string> first) = _byKind.TryGetValue(kind, out var known) ? known : (0, []);
            if (count < ShownPerKind)
            {
                first.Add($"second {Now:0.0}, seed {options.Seed}, fault \"{Fault}\": {detail}");
            }

            _byKind[kind] = (count + 1, first);
        }

        if (!options.GoesOn)
        {
            _end.Cancel();
        }
    }

    /// <summary>The first violations of every kind, and how many there were.</summary>
    public IEnumerable<string> Lines()
    {
        lock (_byKind)
        {
            return
            [
                .. _byKind.SelectMany(kind => kind.Value.First.Select(detail => $"  {detail}").Prepend($"{kind.Key}: {kind.Value.Count}")),
            ];
        }
    }
}
