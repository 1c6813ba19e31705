namespace OpenClaw.Edge.Tests.Usage;

/// <summary>Draws keys whose frequencies follow Zipf's law.</summary>
internal sealed class Zipf
{
    private readonly double[] _cumulative;
    private readonly Random _random;

    public Zipf(int keys, double exponent, int seed)
    {
        _random = new Random(seed);
        _cumulative = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++)
        {
            _cumulative[i] = sum += 1 / Math.Pow(i + 1, exponent);
        }
    }

    /// <summary>The next key, from 0, the most frequent one.</summary>
    public int Next()
    {
        int found = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, _cumulative.Length - 1);
    }
}
