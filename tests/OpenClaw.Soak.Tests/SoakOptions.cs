using System.Globalization;

namespace OpenClaw.Soak.Tests;

/// <summary>How a soak runs, from environment variables.</summary>
/// <param name="Duration"><c>OPENCLAW_SOAK_MINUTES</c>, default 1. The phase under way at the end is finished.</param>
/// <param name="Seed"><c>OPENCLAW_SOAK_SEED</c>, default random. Decides the order of the faults, their lengths and the traffic.</param>
/// <param name="GoesOn"><c>OPENCLAW_SOAK_GO_ON=1</c>: goes on to the end of the run after a violation.</param>
/// <param name="Only"><c>OPENCLAW_SOAK_FAULTS</c>: names of faults, separated by commas, to draw from; those of what goes on besides
/// too. Default all.</param>
internal sealed record SoakOptions(TimeSpan Duration, int Seed, bool GoesOn, string[] Only)
{
    public static SoakOptions FromEnvironment() => new(
        TimeSpan.FromMinutes(double.Parse(Read("MINUTES") ?? "1", CultureInfo.InvariantCulture)),
        int.Parse(Read("SEED") ?? $"{Random.Shared.Next(1, 1_000_000)}", CultureInfo.InvariantCulture),
        Read("GO_ON") == "1",
        (Read("FAULTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable($"OPENCLAW_SOAK_{name}") is { Length: > 0 } value ? value : null;
}
