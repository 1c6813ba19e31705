using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Load;

/// <summary>A short run of bench/scenario/rating.mjs against a server with one token bucket: its counts and its verdict. Speed is not
/// tested here, but the counts depend on time, so it runs alone.</summary>
[CollectionDefinition(nameof(ScenarioScriptTests), DisableParallelization = true)]
[Collection(nameof(ScenarioScriptTests))]
public sealed class ScenarioScriptTests
{
    private static readonly string Folder = Repository.At("bench/scenario");

    [Fact]
    public async Task Run_AgainstRightAndWrongServers_MissesWhatIsMissed()
    {
        Tool.Require("node", "Node.js 20 or later, with npm");
        if (!File.Exists(Path.Combine(Folder, "node_modules/autocannon/package.json")))
        {
            (await Tool.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], Folder)).Successful();
        }

        Task<Tool.Result> right = RunAsync("right"), fails = RunAsync("fails"), generous = RunAsync("generous");

        string seen = (await right).Output;
        Assert.Matches(
            @"^ramp: \d{2,} requests in .* s, \d+ admitted \(\d+ to \d+ expected\), 429 share \d+\.\d+" +
                @" % \(computed \d+\.\d+ %\), last step p50 ", seen);
        Assert.Matches(new Regex(@"^half: \d{2,} requests ", RegexOptions.Multiline), seen);
        string[] missed = Missed(seen);
        Assert.All(missed, m => Assert.Matches("^MISSED half: p99 .* ms, not under 5$", m));
        Assert.Equal(missed.Length > 0 ? 1 : 0, (await right).ExitCode);

        Assert.Contains(
            Missed((await fails).Output),
            m => Regex.IsMatch(m, @"^MISSED ramp: \d+ answers or connections other than 200 and 429$"));
        Assert.Equal(1, (await fails).ExitCode);

        Assert.Contains(Missed((await generous).Output),
            m => Regex.IsMatch(m, @"^MISSED half: \d+ admitted$"));
        Assert.Equal(1, (await generous).ExitCode);
    }

    private static string[] Missed(string output) => [.. output.Split('\n').Where(l => l.StartsWith("MISSED ", StringComparison.Ordinal))];

    private static Task<Tool.Result> RunAsync(string server)
    {
        Dictionary<string, string> environment =
            new() { ["CAPACITY"] = "20", ["REFILL"] = "20", ["STEPS"] = "1", ["SECONDS_PER_STEP"] = "2" };
        string stub = Repository.At("tests/OpenClaw.Kubernetes.Tests/Load/rating-stub.mjs");
        return Tool.RunAsync("node", [stub, Path.Combine(Folder, "rating.mjs"), server], environment: environment);
    }
}
