namespace OpenClaw.Soak.Tests.Traffic;

/// <summary>Counts answers of one phase by kind, and the longest wait for one.</summary>
internal sealed class Answers
{
    private readonly SortedDictionary<string, long> _byKind = new(StringComparer.Ordinal);

    public double Longest { get; private set; }

    public long Total
    {
        get
        {
            lock (_byKind)
            {
                return _byKind.Values.Sum();
            }
        }
    }

    public void Add(string kind, double seconds)
    {
        lock (_byKind)
        {
            _byKind[kind] = _byKind.GetValueOrDefault(kind) + 1;
            Longest = Math.Max(Longest, seconds);
        }
    }

    public void Add(Answers other)
    {
        foreach ((string kind, long count) in other._byKind)
        {
            _byKind[kind] = _byKind.GetValueOrDefault(kind) + count;
        }

        Longest = Math.Max(Longest, other.Longest);
    }

    public override string ToString() => string.Join(' ', _byKind.Select(item => $"{item.Key}={item.Value}"));
}
