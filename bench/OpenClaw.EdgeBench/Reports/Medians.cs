namespace OpenClaw.EdgeBench.Reports;

/// <summary>Medians of rounds.</summary>
internal static class Medians
{
    public static double Of(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }
}
