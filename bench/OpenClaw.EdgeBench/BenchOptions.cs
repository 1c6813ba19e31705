using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.EdgeBench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        Compares the edge with itself and with its peers under wrk, and prints Markdown.

          dotnet run -c Release --project bench/OpenClaw.EdgeBench -- [options]

          --quick           one short round: does everything run? Not for figures
          --rounds N        rounds over all workloads; the report has medians (default 5)
          --seconds N       length of one run (default 4)
          --warm-up N       seconds of warm-up per workload (default 10)
          --only REGEX      only workloads whose name matches
          --no-scenario     leave out the article's ramp to 500 users
          --out FILE        write the report there too
          --list            names of the workloads
        """;

    public int Rounds { get; init; } = 5;

    public int Seconds { get; init; } = 4;

    public int WarmUpSeconds { get; init; } = 10;

    public bool Scenario { get; init; } = true;

    public bool List { get; init; }

    public string? Out { get; init; }

    public Regex Only { get; init; } = new("");

    /// <exception cref="FormatException">The message says which argument is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        BenchOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            options = name switch
            {
                "--quick" => options with { Rounds = 1, Seconds = 2, WarmUpSeconds = 3, Scenario = false },
                "--no-scenario" => options with { Scenario = false },
                "--list" => options with { List = true },
                "--rounds" => options with { Rounds = Number() },
                "--seconds" => options with { Seconds = Number() },
                "--warm-up" => options with { WarmUpSeconds = Number() },
                "--only" => options with { Only = new Regex(Value(), RegexOptions.IgnoreCase) },
                "--out" => options with { Out = Value() },
                _ => throw new FormatException($"Unknown argument {name}.{Environment.NewLine}{Usage}"),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");

            int Number() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 600
                ? number : throw new FormatException($"{name} needs a whole number from 1 to 600.");
        }

        return options;
    }
}
