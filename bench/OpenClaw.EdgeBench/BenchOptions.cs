using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.EdgeBench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        Compares the edge with itself and with its peers under wrk, and prints Markdown.

          dotnet run -c Release --project bench/OpenClaw.EdgeBench -- [benchmark] [options]

          (none)            throughput and processor time, of the edge and its peers
          latency           at half of the edge's throughput, with a policy and without
          cold              from start to ready, the first request, the first two seconds under load
          memory            resident memory in 256 MiB, and what settings of the runtime change
          outage            latency and throughput while Redis is stopped, killed and back
          scale-out         work per processor second with more edges, and with more masters
          telemetry         with Prometheus and OTLP, and without
          guard             two minutes: fails when a ratio of bench/guard.json is lost by more than 15 %

          --quick           one short round: does everything run? Not for figures
          --rounds N        rounds over all workloads; the report has medians (default 5)
          --seconds N       length of one run (default 4)
          --warm-up N       seconds of warm-up per workload (default 10)
          --rate N          requests per second of the benchmarks at a constant rate (default: each its own)
          --update          guard: writes the ratios of this run to bench/guard.json
          --only REGEX      only workloads whose name matches
          --no-scenario     leave out the article's ramp to 500 users
          --out FILE        write the report there too
          --list            names of the workloads
        """;

    /// <summary>The benchmark to run; null for the comparison with itself and with its peers.</summary>
    public string? Benchmark { get; init; }

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 4;

    public int WarmUpSeconds { get; init; } = 10;

    /// <summary>Requests per second; null for the benchmark's own choice.</summary>
    public int? Rate { get; init; }

    /// <summary>Whether the guard writes what it measured.</summary>
    public bool Update { get; init; }

    public bool Scenario { get; init; } = true;

    public bool List { get; init; }

    public string? Out { get; init; }

    public Regex Only { get; init; } = new("");

    /// <exception cref="FormatException">The message says which argument is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        bool isNamed = arguments is [[not '-', ..], ..];
        BenchOptions options = new() { Benchmark = isNamed ? arguments[0] : null };
        for (int i = isNamed ? 1 : 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            options = name switch
            {
                "--quick" => options with { Rounds = 1, Seconds = 2, WarmUpSeconds = 3, Scenario = false },
                "--no-scenario" => options with { Scenario = false },
                "--update" => options with { Update = true },
                "--list" => options with { List = true },
                "--rounds" => options with { Rounds = Number(600) },
                "--seconds" => options with { Seconds = Number(600) },
                "--warm-up" => options with { WarmUpSeconds = Number(600) },
                "--rate" => options with { Rate = Number(1_000_000) },
                "--only" => options with { Only = new Regex(Value(), RegexOptions.IgnoreCase) },
                "--out" => options with { Out = Value() },
                _ => throw new FormatException($"Unknown argument {name}.{Environment.NewLine}{Usage}"),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");

            int Number(int highest) =>
                int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= highest
                    ? number : throw new FormatException($"{name} needs a whole number from 1 to {highest}.");
        }

        return options;
    }
}
