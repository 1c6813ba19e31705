using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests;

public sealed class SoakTests
{
    [Fact]
    public async Task Run_WithFaultsAtRandom_AccountsExactlyAndNeverHangs()
    {
        Requires.RedisServer();
        SoakOptions options = SoakOptions.FromEnvironment();
        Report report = new(Path.Combine(AppContext.BaseDirectory, "soak-report.txt"));
        Violations violations = new(options);
        report.Line($"Soak of {options.Duration.TotalMinutes:0.##} minutes; OPENCLAW_SOAK_SEED={options.Seed} repeats its faults.");
        await using (SoakStack stack = await SoakStack.StartAsync(options, violations))
        {
            await new SoakRun(options, stack, violations, report).RunAsync();
        }

        foreach (string line in violations.Lines())
        {
            report.Line(line);
        }

        if (violations.Any)
        {
            Assert.Fail($"{violations.Count} violations.{Environment.NewLine}{report}");
        }
    }
}
