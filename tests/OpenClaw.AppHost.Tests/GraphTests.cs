using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class GraphTests(StackFixture fixture)
{
    [Fact]
    public async Task Rating_Posted_IsKeptByTheRatingApi()
    {
        var subject = $"subject-{Guid.NewGuid():N}";
        using var answer = await new RatingClient(fixture.Stack, fixture.Stack.NewKey()).PostAsync(new { score = 5, subject });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var recorded = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("rating recorded", recorded.GetProperty("status").GetString());

        using var ratingApi = fixture.Stack.App.CreateHttpClient("rating-api", "http");
        var summary = await ratingApi.GetFromJsonAsync<JsonElement>($"ratings/{subject}");

        Assert.Equal(1, summary.GetProperty("count").GetInt32());
    }

    [Fact]
    public Task Edge_Started_HasThreeHealthyReplicas() => fixture.Stack.WaitForReplicasAsync(3);

    [Fact]
    public async Task ConnectionString_OfRedis_HasThePassword()
    {
        var connectionString = await fixture.Stack.App.GetConnectionStringAsync("redis");

        Assert.Matches(@"^localhost:\d+,password=[A-Za-z0-9]{22,}$", connectionString);
    }

    [Fact]
    public async Task EdgeReplica_Killed_LosesNoStateAndIsShownAsEnded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the process in /proc.");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var app = fixture.Stack.App;
        var client = new RatingClient(fixture.Stack, fixture.Stack.NewKey());
        using var refusal = await client.ExhaustAsync();

        fixture.Stack.Processes.KillOne("OpenClaw.Edge");

        var dead = await app.ResourceNotifications.WaitForResourceAsync(
            "edge", change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? string.Empty), deadline.Token);
        try
        {
            for (var answers = 0; answers < 6;)
            {
                try
                {
                    using var answer = await client.PostAsync();
                    Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
                    answers++;
                }
                catch (HttpRequestException) when (!deadline.IsCancellationRequested)
                {
                    // The proxy may take a moment to notice that the replica is gone.
                    await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
                }
            }

            Assert.InRange(client.Admitted, RatingClient.Capacity, client.MostAdmitted);
        }
        finally
        {
            var started = await app.ResourceCommands.ExecuteCommandAsync(
                dead.ResourceId, KnownResourceCommands.StartCommand, deadline.Token);
            Assert.True(started.Success, started.Message);
            await app.ResourceNotifications.WaitForResourceAsync(
                "edge", change => change.ResourceId == dead.ResourceId && change.Snapshot.HealthStatus == HealthStatus.Healthy,
                    deadline.Token);
        }
    }
}
