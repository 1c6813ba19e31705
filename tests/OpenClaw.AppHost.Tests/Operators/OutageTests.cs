using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>What operators see while parts of the graph are down.</summary>
[Collection(StackFixture.Collection)]
public sealed class OutageTests(StackFixture fixture, ConsoleBrowser browser)
{
    private const float Patience = 30_000;

    [Fact]
    public async Task Console_Restarted_IsSaidAndTheBrowserComesBackByItself()
    {
        var client = fixture.Stack.NewClient();
        await using var window = await browser.OpenAsync(fixture.Stack, $"/clients/{client.Id}");
        await window.SeeAsync("20 of 20 tokens");
        var lost = window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Connection to the console lost" });

        await ExecuteAsync("console", KnownResourceCommands.StopCommand);
        await Assertions.Expect(lost).ToBeVisibleAsync();
        await ExecuteAsync("console", KnownResourceCommands.StartCommand);

        await Assertions.Expect(lost).ToBeHiddenAsync(new() { Timeout = Patience });
        await window.SeeAsync("20 of 20 tokens");
        await window.PressAsync("Block…");
        await Assertions.Expect(window.Dialog.GetByLabel("Reason")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Redis_Away_IsSaidWithWhatStillWorks()
    {
        var stack = fixture.Stack;
        var client = stack.NewClient();
        using var http = Traffic.Connect(stack.App.GetEndpoint("edge", "http"), client);
        await using var overview = await browser.OpenAsync(stack, "/");
        await using var page = await browser.OpenAsync(stack, $"/clients/{client.Id}", "bob@example.com");
        await overview.SeeAsync("closed decides with Redis");
        await page.SeeAsync("20 of 20 tokens");

        await ExecuteAsync("redis", KnownResourceCommands.StopCommand);
        try
        {
            await Traffic.BurstAsync(stack, client, 5);
            await overview.SeeAsync("Redis does not answer: every replica decides by the policies' failure modes", seconds: 30);
            await page.SeeAsync("these numbers are from one replica only", seconds: 30);
            Assert.Equal(HttpStatusCode.OK, await Traffic.PostAsync(http));
        }
        finally
        {
            await ExecuteAsync("redis", KnownResourceCommands.StartCommand);
            await stack.WaitUntilHealthyAsync();
        }

        await Assertions.Expect(overview.Content).Not.ToContainTextAsync("Redis does not answer", new() { Timeout = Patience });
        await page.SeeAsync("of 20 tokens");
        await Assertions.Expect(overview.Content).Not.ToContainTextAsync("decides without Redis", new() { Timeout = Patience });
    }

    private async Task ExecuteAsync(string resource, string command)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var result = await fixture.Stack.App.ResourceCommands.ExecuteCommandAsync(resource, command, deadline.Token);
        Assert.True(result.Success, result.Message);
    }
}
