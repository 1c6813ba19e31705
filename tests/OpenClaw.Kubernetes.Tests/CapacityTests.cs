using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>The capacity plan of docs/how-to/plan-capacity.md follows from the costs it states, by the formulas it states.</summary>
public sealed partial class CapacityTests
{
    private const double Share = 0.6;
    private static readonly string Text = File.ReadAllText(Repository.At("docs/how-to/plan-capacity.md"));

    [Fact]
    public void Plan_ComputedFromTheCosts_IsWhatItSays()
    {
        (double allowed, double redis) = Costs("allowed request");
        (double refused, double redisRefused) = Costs("refused request");
        double bucket = double.Parse(BytesPerBucket().Match(Text).Groups[1].Value, CultureInfo.InvariantCulture);
        double mixed = (0.1 * allowed) + (0.9 * refused), mixedRedis = (0.1 * 2 * redis) + (0.9 * redisRefused);
        string oneNode = Rounded(Share / redis);

        Assert.Equal(
        [
            $"{Rounded(0.5 / allowed)} allowed or {Rounded(0.5 / refused)} refused a second",
            $"{oneNode} allowed a second",
            $"{Rounded(6 / allowed)} allowed a second",
            $"{Rounded(6 / allowed * redis)} core, all it has: from {oneNode} on, Redis is the bound",
            .. Row(1e5 * allowed, replicaCores: 2, 1e5 * 2 * redis),
            .. Row(1e6 * allowed, replicaCores: 4, 1e6 * 2 * redis),
            .. Row(1e6 * mixed, replicaCores: 4, 1e6 * mixedRedis),
            $"{Rounded(256 * 1024 * 1024 / bucket / 1e6)} million buckets: " +
                $"{Rounded(128 * 1024 * 1024 / bucket / 1e6)} million clients with an address each",
            $"8 million buckets: {Rounded(8e6 * bucket / 1e9)} GB over all nodes",
        ], PlanCells());

        double nodes = Math.Ceiling(1e6 * 2 * redis / Share), replicas = Math.Ceiling(1e6 * allowed / Share / 4);
        Assert.Contains($"{Rounded(8 / nodes)} for each of the {nodes} nodes", Text);
        Assert.Contains($"{replicas} × {2 * nodes} × 2 are {Rounded(replicas * 2 * nodes * 2)} in all, {replicas * 2} per node", Text);
        Assert.Contains($"up to {oneNode} allowed requests a second", Text);
        Assert.Contains($"room for {Rounded(256 * 1024 * 1024 / bucket / 1e6)} million buckets", Text);
        Assert.Contains($"# About {Rounded(256 * 1024 * 1024 / bucket / 1e6)} million buckets",
            File.ReadAllText(Repository.At("aspire-manifest/kubernetes/components/redis/redis.conf")));
    }

    private static string[] Row(double cores, int replicaCores, double redisCores)
    {
        double nodes = Math.Ceiling(redisCores / Share);
        return
        [
            $"{Rounded(cores)} cores: {Rounded(Math.Ceiling(Math.Round(cores / Share, 6)))} to have, " +
                $"{Math.Ceiling(Math.Round(cores / Share, 6) / replicaCores)} replicas of {replicaCores} cores",
            $"{Rounded(redisCores)} cores: Cluster of {nodes}, with {nodes} replicas",
        ];
    }

    /// <summary>The cells of the plan that hold numbers, by row.</summary>
    private static string[] PlanCells()
    {
        string[] rows = [.. Text[Text.IndexOf("| Load |", StringComparison.Ordinal)..].Split("\n\n")[0].Split('\n').Skip(2)];
        return [.. rows.SelectMany(r => r.Trim('|').Split('|').Skip(1)).Select(c => c.Trim()).Where(c => c.Length > 0)];
    }

    /// <summary>Seconds of a core, at the edge and in Redis.</summary>
    private static (double Edge, double Redis) Costs(string row)
    {
        Match match = Regex.Match(Text, $@"^\| {row}[^|]*\| ([\d.]+) µs \| ([\d.]+) µs \|$", RegexOptions.Multiline);
        Assert.True(match.Success, $"no costs of «{row}»");
        return (Cost(1), Cost(2));

        double Cost(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) / 1e6;
    }

    /// <summary>To two digits, thousands set apart.</summary>
    private static string Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        decimal two = (decimal)(Math.Round(value / unit) * unit);
        return two >= 1000
            ? two.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ')
            : Math.Round(two, 3).ToString("0.###", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\| (\d+) bytes per bucket \|")]
    private static partial Regex BytesPerBucket();
}
