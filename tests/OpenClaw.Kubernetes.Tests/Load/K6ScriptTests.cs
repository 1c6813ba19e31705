using System.Text.Json;

namespace OpenClaw.Kubernetes.Tests.Load;

/// <summary>deploy/k6/rating.js keeps to the scenario and computes its thresholds from the policy. Run in Node, with k6's modules
/// stubbed.</summary>
public sealed class K6ScriptTests
{
    [Fact]
    public async Task Scenario_Read_IsTheArticles()
    {
        JsonElement options = (await RunAsync()).GetProperty("options");
        JsonElement stage = options.GetProperty("scenarios").GetProperty("ramp").GetProperty("stages").EnumerateArray().Single();
        Assert.Equal(("30s", 500), (stage.GetProperty("duration").GetString(), stage.GetProperty("target").GetInt32()));
        Assert.Equal(250, options.GetProperty("scenarios").GetProperty("half").GetProperty("vus").GetInt32());
    }

    [Fact]
    public async Task Iteration_Run_PostsOneRatingAndPauses()
    {
        JsonElement seen = await RunAsync(("BASE_URL", "http://edge:8080"));
        JsonElement request = seen.GetProperty("requests")[0];
        Assert.Equal("http://edge:8080/rating", request.GetProperty("url").GetString());
        Assert.Equal("{\"score\":4}", request.GetProperty("body").GetString());
        Assert.Equal("test-key", request.GetProperty("headers").GetProperty("x-api-key").GetString());
        Assert.Equal(0.1, seen.GetProperty("sleeps")[0].GetDouble());
    }

    [Fact]
    public async Task Check_OfEachStatus_PassesOnly200And429()
    {
        JsonElement seen = await RunAsync();
        Assert.Equal(
            [(200, true), (429, true), (503, false)],
            seen.GetProperty("checks").EnumerateArray()
                .Select(c => (c.GetProperty("status").GetInt32(), c.GetProperty("passed").GetBoolean())));
        Assert.Equal(1, seen.GetProperty("counts").GetArrayLength());
        Assert.Equal([false, true, false], seen.GetProperty("rates").EnumerateArray().Select(r => r.GetProperty("value").GetBoolean()));
    }

    [Theory]
    [InlineData("20", "5", "count<=171", "count>=164", "35s")]
    [InlineData("100", "50", "count<=1601", "count>=1549", "33s")]
    public async Task Thresholds_OfAPolicy_FollowFromItsNumbers(string capacity, string refill, string most, string least,
        string secondScenarioStarts)
    {
        JsonElement options = (await RunAsync(("CAPACITY", capacity), ("REFILL", refill))).GetProperty("options");
        JsonElement thresholds = options.GetProperty("thresholds");
        Assert.Equal([most, least], thresholds.GetProperty("admitted{scenario:ramp}").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("p(99)<5", thresholds.GetProperty("http_req_duration{scenario:half}")[0].GetString());
        Assert.Equal("rate==1", thresholds.GetProperty("checks")[0].GetString());
        // The bucket of the first scenario is full again before the second begins.
        Assert.Equal(secondScenarioStarts, options.GetProperty("scenarios").GetProperty("half").GetProperty("startTime").GetString());
    }

    [Theory]
    [InlineData("2.5", "p(99)<2.5")]
    [InlineData("40", "p(99)<40")]
    public async Task Latency_Set_IsTheThreshold(string milliseconds, string threshold)
    {
        JsonElement thresholds = (await RunAsync(("P99_MS", milliseconds))).GetProperty("options").GetProperty("thresholds");
        Assert.Equal(threshold, thresholds.GetProperty("http_req_duration{scenario:half}")[0].GetString());
    }

    [Fact]
    public async Task Summary_OfARun_ShowsSeenAndComputedShare()
    {
        string summary = (await RunAsync()).GetProperty("summary").GetString()!;
        Assert.Contains("ramp: 10000 requests, 170 admitted, 429 share 98.30 % (computed 98.30 %)", summary);
        Assert.Contains("FAILED admitted{scenario:ramp} count<=171", summary);
    }

    private static async Task<JsonElement> RunAsync(params (string Name, string Value)[] environment)
    {
        Tool.Require("node", "Node.js 20 or later");
        Tool.Result result = await Tool.RunAsync(
            "node", [Repository.At("tests/OpenClaw.Kubernetes.Tests/Load/k6-stub.mjs"), Repository.At("deploy/k6/rating.js")],
            environment: environment.ToDictionary(e => e.Name, e => e.Value));
        return JsonDocument.Parse(result.Successful()).RootElement;
    }
}
