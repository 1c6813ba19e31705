using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

public sealed class DashboardTests
{
    [Fact]
    public void Panels_Each_HasTitleDescriptionUnitAndTheChosenDataSource()
    {
        Assert.NotEmpty(DeployFiles.Panels());
        Assert.All(DeployFiles.Panels(), panel =>
        {
            Assert.NotEmpty((string)panel["title"]!);
            Assert.NotEmpty((string)panel["description"]!);
            Assert.NotEmpty((string)panel["fieldConfig"]!["defaults"]!["unit"]!);
            Assert.NotEmpty(panel["targets"]!.AsArray());
            Assert.All(panel["targets"]!.AsArray(), target => Assert.Equal("${datasource}", (string)target!["datasource"]!["uid"]!));
        });
    }

    [Fact]
    public void Panels_OnTheGrid_DoNotOverlapAndIdsAreUnique()
    {
        JsonArray panels = DeployFiles.Dashboard()["panels"]!.AsArray();

        Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
        (int X, int Y)[] cells = [.. panels.SelectMany(panel => Cells(panel!["gridPos"]!))];
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Fact]
    public async Task Expressions_CheckedByPromtool_AreValid()
    {
        string file = Path.Combine(Path.GetTempPath(), $"openclaw-dashboard-{Guid.NewGuid():N}.yml");
        IEnumerable<string> rules = DeployFiles.DashboardExpressions()
            .Select((expression, i) => $"      - record: panel:query:number{i}\n        expr: >-\n          {expression}\n");
        try
        {
            await File.WriteAllTextAsync(file, $"groups:\n  - name: dashboard\n    rules:\n{string.Concat(rules)}");

            await Promtool.RunAsync("check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode position)
    {
        (int x, int y, int w, int h) = ((int)position["x"]!, (int)position["y"]!, (int)position["w"]!, (int)position["h"]!);
        return Enumerable.Range(0, w * h).Select(i => (x + (i % w), y + (i / w)));
    }
}
