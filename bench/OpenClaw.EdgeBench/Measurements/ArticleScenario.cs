using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>The article's k6 scenario and its expected results, the same as <c>deploy/k6/rating.js</c>.</summary>
internal static class ArticleScenario
{
    private const int Peak = 500;
    private static readonly TimeSpan Ramp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(15);

    /// <summary>Targets of the scenario: the article's limits, and a limit that never refuses.</summary>
    public static IReadOnlyList<Target> Targets { get; } = [EdgeTargets.Article, EdgeTargets.Allowing];

    public static async Task<IReadOnlyList<ScenarioResult>> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        return
        [
            await MeasureAsync("ramp to 500 users, article's limits", EdgeTargets.Article, Peak, Ramp, TimeSpan.Zero, Limits.Article),
            await MeasureAsync("250 users held, article's limits", EdgeTargets.Article, Peak / 2, TimeSpan.Zero, Hold, Limits.Article),
            await MeasureAsync("250 users held, all allowed", EdgeTargets.Allowing, Peak / 2, TimeSpan.Zero, Hold, null),
        ];

        async Task<ScenarioResult> MeasureAsync(string name, Target target, int users, TimeSpan ramp, TimeSpan hold, Limits? expected)
        {
            if (expected is not null)
            {
                // The expected admissions assume a bucket that starts full.
                await Task.Delay(TimeSpan.FromSeconds(1 + (double)expected.Capacity / expected.RefillTokens), cancellationToken);
            }

            TimeSpan cpu = stage.CpuTimeOf(target);
            UsersResult result = await new Users(stage.UrlOf(target)).RunAsync(users, ramp, hold, cancellationToken);
            double? admitted = expected?.Capacity + expected?.RefillTokens * result.Duration.TotalSeconds;
            return new ScenarioResult(name, result, (stage.CpuTimeOf(target) - cpu) / result.Count, admitted);
        }
    }
}
