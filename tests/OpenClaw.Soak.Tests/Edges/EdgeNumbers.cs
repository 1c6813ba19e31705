using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Soak.Tests.Edges;

/// <summary>What one edge's metrics say at one moment.</summary>
internal sealed partial class EdgeNumbers
{
    private readonly Dictionary<(string Policy, string Result, string Source), long> _decisions = [];

    /// <summary>0 while Redis decides.</summary>
    public int Circuit { get; private set; }

    /// <summary>Calls to Redis that failed or were late.</summary>
    public long Failures { get; private set; }

    /// <summary>Bytes on the managed heap after the last collection; 0 when unknown.</summary>
    public long Heap { get; private set; }

    public static EdgeNumbers Parse(string text)
    {
        EdgeNumbers numbers = new();
        foreach (Match line in Sample().Matches(text))
        {
            double value = double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture);
            switch (line.Groups["name"].Value)
            {
                case "openclaw_ratelimit_decisions_total":
                    (string, string, string) key = (Label("policy"), Label("result"), Label("source"));
                    numbers._decisions[key] = numbers._decisions.GetValueOrDefault(key) + (long)value;
                    break;
                case "openclaw_ratelimit_store_failures_total":
                    numbers.Failures += (long)value;
                    break;
                case "openclaw_ratelimit_state":
                    numbers.Circuit = (int)value;
                    break;
                case var name when name.StartsWith("dotnet_gc_last_collection_heap_size", StringComparison.Ordinal):
                    numbers.Heap += (long)value;
                    break;
            }

            string Label(string label) => Regex.Match(line.Groups["labels"].Value, $"(?:^|,){label}=\"([^\"]*)\"").Groups[1].Value;
        }

        return numbers;
    }

    /// <summary>Decisions since the edge began.</summary>
    /// <param name="policy">The policy, or null for all.</param>
    /// <param name="isAllowed">The result.</param>
    /// <param name="sources">Where they were made, or none for anywhere.</param>
    public long Decisions(string? policy, bool isAllowed, params string[] sources) => _decisions
        .Where(item => (policy is null || item.Key.Policy == policy)
            && item.Key.Result == "allowed" == isAllowed
            && (sources.Length == 0 || sources.Contains(item.Key.Source)))
        .Sum(item => item.Value);

    [GeneratedRegex("""^(?<name>[a-z_0-9]+)(?:\{(?<labels>[^}]*)\})? (?<value>[-+0-9.eE]+)(?: \d+)?$""", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
