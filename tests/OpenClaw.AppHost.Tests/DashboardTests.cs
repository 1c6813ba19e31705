using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Hosting;

namespace OpenClaw.AppHost.Tests;

/// <summary>What the dashboard shows of the running graph.</summary>
[Collection(StackFixture.Collection)]
public sealed class DashboardTests(StackFixture fixture)
{
    [Fact]
    public async Task Links_InTheTable_SayWhatTheyAreOnceEach()
    {
        var links = (await SnapshotsAsync()).SelectMany(LinksOf).ToArray();

        Assert.Equal(["Admin API", "Console", "POST /rating", "Rating API"],
            links.Select(link => link.DisplayProperties.DisplayName).Order(StringComparer.Ordinal));
        Assert.All(links, link => Assert.False(link.IsInactive));
    }

    [Fact]
    public async Task Links_Followed_ShowAPage()
    {
        using var client = new HttpClient();
        foreach (var link in (await SnapshotsAsync()).SelectMany(LinksOf))
        {
            using var answer = await client.GetAsync(link.Url);

            // The edge's link names a request: the edge has no page.
            Assert.Equal(link.DisplayProperties.DisplayName == "POST /rating" ? HttpStatusCode.MethodNotAllowed : HttpStatusCode.OK,
                answer.StatusCode);
            Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Resources_Shown_HaveIconsAndReplicasHaveAParent()
    {
        var shown = await SnapshotsAsync();

        Assert.Equal(
            ["console", "edge", "edge", "edge", "notifier", "openclaw", "rating-api", "redis"],
            shown.Select(resource => resource.Resource.Name).Order(StringComparer.Ordinal));
        Assert.All(shown, resource => Assert.False(string.IsNullOrEmpty(resource.Snapshot.IconName), resource.Resource.Name));
        Assert.All(shown.Where(resource => resource.Resource.Name == "edge"), replica =>
            Assert.Contains(replica.Snapshot.Relationships, relationship => relationship is { Type: "Parent", ResourceName: "openclaw" }));
    }

    [Fact]
    public async Task Processes_Started_AreInDevelopment()
    {
        var processes = (await SnapshotsAsync()).Where(resource => resource.Resource is ProjectResource).ToArray();

        Assert.Equal(7, processes.Length);
        Assert.All(processes, process => Assert.Equal(
            Environments.Development,
                process.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_ENVIRONMENT").Value));
    }

    [Fact]
    public async Task ManagementPort_OfEachReplica_IsItsOwn()
    {
        var ports = (await SnapshotsAsync()).Where(resource => resource.Resource.Name == "edge")
            .Select(replica =>
                replica.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "OpenClaw__Management__Port").Value).ToArray();

        Assert.Equal(3, ports.Distinct().Count());
    }

    [Fact]
    public async Task ManagementEndpoint_OfEveryProject_AnswersProbesAndThePublicOneDoesNot()
    {
        foreach (var project in fixture.Stack.Model.Resources.OfType<ProjectResource>())
        {
            using var management = fixture.Stack.App.CreateHttpClient(project.Name, "management");
            Assert.Equal("Healthy", await management.GetStringAsync("/health"));
            Assert.Equal("Healthy", await management.GetStringAsync("/alive"));
        }

        foreach (var name in (string[])["edge", "rating-api"])
        {
            using var client = fixture.Stack.App.CreateHttpClient(name, "http");
            foreach (var path in (string[])["/health", "/alive", "/metrics", "/policies"])
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
        }
    }

    private static IEnumerable<UrlSnapshot> LinksOf(ResourceEvent resource) => resource.Snapshot.Urls.Where(url => !url.IsInternal);

    /// <summary>The latest state of every running resource in the dashboard's table, without parameters.</summary>
    private async Task<IReadOnlyCollection<ResourceEvent>> SnapshotsAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Dictionary<string, ResourceEvent> shown = [];
        try
        {
            await foreach (var change in fixture.Stack.App.ResourceNotifications.WatchAsync(deadline.Token))
            {
                if (!change.Snapshot.IsHidden && change.Resource is ProjectResource or FrontDoor
                    && change.Snapshot.State?.Text == KnownResourceStates.Running
                    && change.Resource.Annotations.OfType<ExplicitStartupAnnotation>().FirstOrDefault() is null)
                {
                    shown[change.ResourceId] = change;
                }

                if (shown.Count == 8 && shown.Values.All(resource => resource.Snapshot.Urls.All(url => !url.IsInactive)))
                {
                    return shown.Values;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // The tests report what is missing.
        }

        return shown.Values;
    }
}
