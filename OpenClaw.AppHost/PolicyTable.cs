using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenClaw.AppHost;

/// <summary>Policies as a Markdown table.</summary>
internal static class PolicyTable
{
    /// <param name="policies">The response of <c>GET /policies</c>.</param>
    public static string From(JsonElement policies)
    {
        var table = new StringBuilder("| Policy | Counted by | Tier | Bucket | Capacity | Refill |\n|---|---|---|---|---|---|\n");
        foreach (var policy in policies.EnumerateArray())
        {
            AddRows(table, policy, "(none)", policy.GetProperty("buckets"));
            foreach (var tier in policy.GetProperty("tiers").EnumerateObject())
            {
                AddRows(table, policy, tier.Name, tier.Value);
            }
        }

        return table.ToString();
    }

    private static void AddRows(StringBuilder table, JsonElement policy, string tier, JsonElement buckets)
    {
        foreach (var bucket in buckets.EnumerateArray())
        {
            var shadow = bucket.GetProperty("shadow").GetBoolean() ? " (shadow)" : "";
            table.Append(CultureInfo.InvariantCulture,
                $"| {policy.GetProperty("name")} | {policy.GetProperty("partitionBy")} | {tier} | {bucket.GetProperty("name")}{shadow} ");
            table.Append(CultureInfo.InvariantCulture,
                $"| {bucket.GetProperty("capacity")} | {bucket.GetProperty("refillTokens")} per {bucket.GetProperty("refillPeriod")} |\n");
        }
    }
}
