using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Offline.Tests.Hosting;

public sealed class OrchestrationTests(EchoApplication echo) : IClassFixture<EchoApplication>
{
    [Fact]
    public void Waiting_DependencyIsNotReady_NothingIsStarted() =>
        Assert.Equal([KnownResourceStates.Waiting, KnownResourceStates.Waiting, KnownResourceStates.Waiting], echo.StatesBefore);

    [Fact]
    public async Task Environment_OfAProject_HasItsAddressAndWhatItReferences()
    {
        var environment = (await echo.GetAsync<Dictionary<string, string>>("second", "environment"))!;

        var first = echo.App.GetEndpoint("first", "http").ToString().TrimEnd('/');
        Assert.Equal(first, environment["services__first__http__0"]);
        Assert.Equal(first, environment["FIRST_HTTP"]);
        Assert.Equal("hello", environment["GREETING"]);
        Assert.Matches(@"^http://localhost:\d+$", environment["ASPNETCORE_URLS"]);
        Assert.NotEqual(echo.App.GetEndpoint("second", "http"), new Uri(environment["ASPNETCORE_URLS"]));
        Assert.DoesNotContain("ASPNETCORE_ENVIRONMENT", environment.Keys);
    }

    [Fact]
    public async Task Environment_OfAProjectWithALaunchProfile_HasItsValues()
    {
        var environment = (await echo.GetAsync<Dictionary<string, string>>("second", "environment"))!;

        Assert.Equal("yes", environment["FROM_PROFILE"]);
        Assert.Equal("echo", environment["DOTNET_LAUNCH_PROFILE"]);
    }

    [Fact]
    public async Task Replicas_AskedOverManyConnections_AllAnswer()
    {
        HashSet<int> answered = [];
        var watch = Stopwatch.StartNew();
        while (answered.Count < 3 && watch.Elapsed < EchoApplication.Patience)
        {
            answered.Add(await echo.GetAsync<int>("second", "pid"));
        }

        Assert.Equal(3, answered.Count);
    }

    [Fact]
    public async Task Instance_Crashed_IsExitedWithItsCodeUntilStartedAgain()
    {
        var notifications = echo.App.ResourceNotifications;
        using var client = echo.App.CreateHttpClient("second", "http");

        // The answer may be lost with the process. Without a body, the client would then send the request again: to the next replica.
        await Record.ExceptionAsync(() => client.PostAsync(new Uri("crash", UriKind.Relative), new StringContent("now")));

        var crashed = await notifications.WaitForResourceAsync("second", change => change.Snapshot.State?.Text == KnownResourceStates.Exited).WaitAsync(EchoApplication.Patience);
        Assert.Equal(3, crashed.Snapshot.ExitCode);
        var started = await echo.App.ResourceCommands.ExecuteCommandAsync(crashed.ResourceId, KnownResourceCommands.StartCommand);
        Assert.True(started.Success, started.Message);
        var running = await notifications
            .WaitForResourceAsync("second", change => change.ResourceId == crashed.ResourceId && change.Snapshot.State?.Text == KnownResourceStates.Running)
            .WaitAsync(EchoApplication.Patience);
        Assert.Null(running.Snapshot.ExitCode);
    }

    [Fact]
    public async Task Command_Unknown_FailsAndNamesTheKnownOnes()
    {
        var result = await echo.App.ResourceCommands.ExecuteCommandAsync("first", "explode");

        Assert.False(result.Success);
        Assert.Contains("start, stop or restart", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_RunningResource_IsAnotherProcess()
    {
        var before = await echo.GetAsync<int>("first", "pid");

        var result = await echo.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.RestartCommand);

        Assert.True(result.Success, result.Message);
        var watch = Stopwatch.StartNew();
        var after = before;
        while (after == before && watch.Elapsed < EchoApplication.Patience)
        {
            try
            {
                after = await echo.GetAsync<int>("first", "pid");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Log_OfAnInstance_HasBothStreamsWithTimes()
    {
        var source = echo.App.Services.GetRequiredService<ApplicationOrchestrator>();
        var id = echo.App.ResourceNotifications.StatesOf(echo.Second).First().ResourceId;

        // The process may have been started a moment ago, and its log be empty still.
        var watch = Stopwatch.StartNew();
        List<(string Text, bool IsError)> lines;
        do
        {
            lines = [];
            await foreach (var line in source.ReadLogAsync(id, follow: false, CancellationToken.None))
            {
                lines.Add(line);
            }

            await Task.Delay(50);
        }
        while ((!Has("Z This is stdout.", isError: false) || !Has("Z This is stderr.", isError: true)) && watch.Elapsed < EchoApplication.Patience);

        Assert.True(Has("Z This is stdout.", isError: false), string.Join(Environment.NewLine, lines));
        Assert.True(Has("Z This is stderr.", isError: true), string.Join(Environment.NewLine, lines));

        bool Has(string end, bool isError) => lines.Exists(line => line.IsError == isError && line.Text.EndsWith(end, StringComparison.Ordinal));
    }
}
