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
    public async Task Edge_Started_HasThreeHealthyReplicas()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        HashSet<string> healthy = [];
        await foreach (var change in fixture.Stack.App.ResourceNotifications.WatchAsync(deadline.Token))
        {
            if (change.Resource.Name == "edge" && change.Snapshot.HealthStatus == HealthStatus.Healthy && healthy.Add(change.ResourceId) && healthy.Count == 3)
            {
                return;
            }
        }

        Assert.Fail($"Only {healthy.Count} of 3 replicas became healthy.");
    }

    [Fact]
    public async Task ConnectionString_OfRedis_HasThePassword()
    {
        var connectionString = await fixture.Stack.App.GetConnectionStringAsync("redis");

        Assert.Matches(@"^localhost:\d+,password=[A-Za-z0-9]{22,}$", connectionString);
    }

    [Fact]
    public async Task EdgeReplica_Stopped_LosesNoState()
    {
        var client = new RatingClient(fixture.Stack, fixture.Stack.NewKey());
        using var refusal = await client.ExhaustAsync();
        var app = fixture.Stack.App;
        var replica = await app.ResourceNotifications.WaitForResourceAsync("edge", change => change.Snapshot.State?.Text == KnownResourceStates.Running);

        var stopped = await app.ResourceCommands.ExecuteCommandAsync(replica.ResourceId, KnownResourceCommands.StopCommand);
        try
        {
            Assert.True(stopped.Success, stopped.Message);
            var answers = 0;
            for (var attempt = 0; answers < 6 && attempt < 60; attempt++)
            {
                try
                {
                    using var answer = await client.PostAsync();
                    Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
                    answers++;
                }
                catch (HttpRequestException)
                {
                    // The proxy may take a moment to notice that the replica is gone.
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
                }
            }

            Assert.Equal(6, answers);
            Assert.InRange(client.Admitted, RatingClient.Capacity, client.MostAdmitted);
        }
        finally
        {
            await app.ResourceCommands.ExecuteCommandAsync(replica.ResourceId, KnownResourceCommands.StartCommand);
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await app.ResourceNotifications.WaitForResourceAsync(
                "edge", change => change.ResourceId == replica.ResourceId && change.Snapshot.HealthStatus == HealthStatus.Healthy, deadline.Token);
        }
    }
}
