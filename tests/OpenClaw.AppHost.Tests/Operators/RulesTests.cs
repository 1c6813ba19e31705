using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Rules are written in the browser and applied by the replicas.</summary>
[Collection(StackFixture.Collection)]
public sealed class RulesTests(StackFixture fixture, ConsoleBrowser browser)
{
    // The replicas poll once a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Document_WrittenAndUndone_IsInForceOnEveryReplica()
    {
        var stack = fixture.Stack;
        var client = stack.NewClient();
        var replicas = (await stack.WaitForReplicasAsync()).Select(address => Traffic.Connect(address, client)).ToArray();
        var document = $$"""{ "Deny": { "Clients": ["{{client.Id}}"] } }""";
        await using var window = await browser.OpenAsync(stack, "/policies");
        await Assertions.Expect(Row(window, "rating")).ToContainTextAsync("configuration");
        try
        {
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Redis document" }).ClickAsync();
            await window.SeeAsync("Valid.");
            var editor = window.Page.GetByLabel("Rules document");

            // Checked while it is typed, and completed with names of the edge.
            await editor.FillAsync("{ \"Polices\": {} }");
            await window.SeeAsync("Polices is not a setting");
            await editor.FillAsync("");
            await editor.PressSequentiallyAsync("{ \"De");
            await TakeAsync(window, "Deny");
            await editor.PressSequentiallyAsync("{ \"Cl");
            await TakeAsync(window, "Clients");
            await editor.PressSequentiallyAsync($"[\"{client.Id}");
            await TakeAsync(window, client.Id);
            await editor.PressSequentiallyAsync("] } }");
            await Assertions.Expect(editor).ToHaveValueAsync(document);
            await window.SeeAsync("Valid.");
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Group, new() { Name = "Changes" })).ToContainTextAsync(
                "added: { \"Deny\"");
            await ApplyAsync(window, "Apply…", "They do not pay");
            await EveryAsync(replicas, HttpStatusCode.Forbidden);
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "In force" }).ClickAsync();
            await window.SeeAsync($"client {client.Id}");
            await window.SeeAsync("From Redis document");

            // Replaced, and put back.
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Redis document" }).ClickAsync();
            await window.SeeAsync("Valid.");
            await editor.FillAsync("{}");
            await ApplyAsync(window, "Apply…", "They have paid");
            await EveryAsync(replicas, HttpStatusCode.OK);
            var earlier = (await VersionsAsync())[1];
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Earlier versions" }).ClickAsync();
            await window.PressAsync($"Compare version {earlier}");
            await ApplyAsync(window, $"Restore version {earlier}…", "The cheque was bad");
            await EveryAsync(replicas, HttpStatusCode.Forbidden);

            // One event for each version, whatever the number of replicas, with its reason.
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
            await window.Page.GetByLabel("Type of event").SelectOptionAsync("rules.changed");
            foreach (var reason in (string[])["They do not pay", "They have paid", "The cheque was bad"])
            {
                await Assertions.Expect(Row(window, $"by alice@example.com: “{reason}”")).ToHaveCountAsync(1);
            }
        }
        finally
        {
            using var admin = await stack.ConnectToAdminAsync();
            using var emptied = await admin.PutAsJsonAsync("/rules", new { });
            Assert.Equal(HttpStatusCode.OK, emptied.StatusCode);
            await EveryAsync(replicas, HttpStatusCode.OK);
        }

        Assert.Empty(window.Errors);
        Array.ForEach(replicas, replica => replica.Dispose());
    }

    [Fact]
    public async Task Try_Request_ShowsWhatItWouldGetAndChargesNothing()
    {
        var client = fixture.Stack.NewClient();
        await using var window = await browser.OpenAsync(fixture.Stack, "/policies/try");
        var policy = window.Page.GetByLabel("Policy", new() { Exact = true });
        await Assertions.Expect(policy).Not.ToHaveValueAsync("");
        await policy.FillAsync("rating");
        await window.Page.GetByLabel("Client (").FillAsync(client.Id);
        await window.PressAsync("Try");
        await window.SeeAsync("allowed costs 1");
        await window.Page.GetByLabel("Cost (").FillAsync("21");
        await window.PressAsync("Try");
        await window.SeeAsync("limited costs 21, and waiting does not help");

        await window.Page.GotoAsync($"{ConsoleBrowser.AddressOf(fixture.Stack)}/clients/{client.Id}");
        await window.SeeAsync("20 of 20 tokens");
    }

    private static ILocator Row(Window window, string text) => window.Page.Locator("tbody tr").Filter(new() { HasText = text });

    private static async Task TakeAsync(Window window, string suggestion)
    {
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Listbox).GetByRole(AriaRole.Option).First).ToContainTextAsync(suggestion);
        await window.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task ApplyAsync(Window window, string button, string reason)
    {
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true })).ToBeEnabledAsync();
        await window.PressAsync(button);
        await window.Dialog.GetByLabel("Reason").FillAsync(reason);
        await window.PressAsync("Apply on every replica", window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
    }

    private static Task EveryAsync(HttpClient[] replicas, HttpStatusCode status) => Task.WhenAll(replicas.Select(replica =>
        Poll.UntilAsync($"the replica answers {status}", async () => await Traffic.PostAsync(replica) == status, Patience)));

    private async Task<string[]> VersionsAsync()
    {
        using var admin = await fixture.Stack.ConnectToAdminAsync();
        var versions = await admin.GetFromJsonAsync<JsonElement>("/rules/versions");
        return [.. versions.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetString()!)];
    }
}
