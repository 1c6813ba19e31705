using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed partial class CommandTests(StackFixture fixture)
{
    [Fact]
    public async Task SendBurst_FullBucket_SaysHowManyPassedAndShowsTheRefusal()
    {
        await ExecuteAsync("openclaw", "reset-clients");

        var result = await ExecuteAsync("openclaw", "send-burst");

        var counts = Counts().Match(result.Message!);
        Assert.True(counts.Success, result.Message);
        var (passed, refused) = (Number(counts.Groups[1]), Number(counts.Groups[2]));
        Assert.Equal(EdgeCommands.BurstSize, passed + refused);
        Assert.InRange(passed, RatingClient.Capacity, EdgeCommands.BurstSize - 1);
        Assert.Equal(CommandResultFormat.Markdown, result.Data!.Format);
        Assert.True(result.Data.DisplayImmediately);
        Assert.Contains("HTTP/1.1 429 Too Many Requests\n", result.Data.Value, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Retry-After: \d+$", result.Data.Value);
        Assert.Matches(@"(?m)^RateLimit: ""burst"";r=0;t=\d+$", result.Data.Value);
        Assert.Contains("\"violated-policies\":[\"burst\"]", result.Data.Value, StringComparison.Ordinal);
        Assert.Matches(@"\| rating \| burst \| \d+ of 20 \| [\d.]+ s \|", result.Data.Value);
    }

    [Fact]
    public async Task SendBurst_OnTheReplicatedResource_IsOneBurst()
    {
        await ExecuteAsync("openclaw", "reset-clients");

        var results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => ExecuteAsync("openclaw", "send-burst")).Append(ExecuteAsync("edge", "send-burst")));

        // More than one burst would leave the later ones with a few refilled tokens.
        Assert.All(results.Take(3), result => Assert.Equal(results[0].Message, result.Message));
    }

    [Fact]
    public async Task ResetClients_AfterABurst_FillsTheBucket()
    {
        await ExecuteAsync("openclaw", "send-burst");

        var result = await ExecuteAsync("openclaw", "reset-clients");

        Assert.Equal("The buckets of gold-sample, silver-sample, test and of this machine's address are full.", result.Message);
        using var admin = await fixture.Stack.ConnectToAdminAsync();
        var buckets = await admin.GetFromJsonAsync<JsonElement>($"/buckets?client={SampleClients.Id}");
        Assert.Equal(RatingClient.Capacity, buckets[0].GetProperty("buckets")[0].GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task ShowPolicies_OfTheRepository_HasEveryTier()
    {
        var result = await ExecuteAsync("openclaw", "show-policies");

        Assert.Equal("2 policies are in force.", result.Message);
        Assert.Contains("| rating | client | (none) | burst | 20 | 5 per 00:00:01 |\n", result.Data!.Value, StringComparison.Ordinal);
        Assert.Contains("| rating | client | silver | burst | 50 | 20 per 00:00:01 |\n", result.Data.Value, StringComparison.Ordinal);
        Assert.Contains("| address | address | gold | address | 1000 | 500 per 00:00:01 |\n", result.Data.Value, StringComparison.Ordinal);
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var result = await fixture.Stack.App.ResourceCommands.ExecuteCommandAsync(
            fixture.Stack.Model.Resources.Single(candidate => candidate.Name == resource), command, deadline.Token);
        Assert.True(result.Success, result.Message);
        return result;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, provider: System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+) of 40 passed, (\d+) got 429\.$")]
    private static partial Regex Counts();
}
