using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>The admin API matches docs/reference/admin-api.md.</summary>
public sealed class AdminReferenceTests(SharedRedis redis)
{
    [Fact]
    public async Task Table_EveryOperation_IsThereWithItsStatusesAndNoOther()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey));
        using HttpClient admin = stack.Edge.CreateAdminClient();
        JsonElement paths = (await admin.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        Dictionary<string, string[]> described = paths.EnumerateObject()
            .SelectMany(
                path => path.Value.EnumerateObject(),
                (path, operation) => (Path: path.Name, Method: operation.Name, operation.Value))
            .ToDictionary(
                operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}",
                operation => operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToArray());

        string reference = File.ReadAllText(Repository.Path("docs", "reference", "admin-api.md"));
        Dictionary<string, string[]> documented = Regex
            .Matches(reference, @"^\| `([A-Z]+ /[^`]*)` \| .* \| ([\d, ]+) \|$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Split(", "));

        Assert.Equal(described.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(described, operation => Assert.Subset(documented[operation.Key].ToHashSet(), operation.Value.ToHashSet()));
    }
}
