using System.Net;
using Microsoft.Playwright;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Two operators act on the same client.</summary>
[Collection(StackFixture.Collection)]
public sealed class ActionTests(StackFixture fixture, ConsoleBrowser browser)
{
    [Fact]
    public async Task Actions_OfTwoOperators_WorkAtOnceAndAreInTheAuditTrail()
    {
        var stack = fixture.Stack;
        var client = stack.NewClient();
        var replicas = (await stack.WaitForReplicasAsync()).Select(address => Traffic.Connect(address, client)).ToArray();
        await using var alice = await browser.OpenAsync(stack, $"/clients/{client.Id}");
        await using var bob = await browser.OpenAsync(stack, $"/clients/{client.Id}", "bob@example.com");
        await bob.SeeAsync("20 of 20 tokens");
        await alice.SeeAsync("20 of 20 tokens");

        await ActAsync(bob, "Block", client, "Scraping", "2", "hours");
        await alice.SeeAsync("Blocked for another 1 h 59 min");
        await EveryAsync(replicas, Traffic.IsBlockedAsync);

        await ActAsync(alice, "Unblock", client, "They stopped");
        await bob.SeeNoAsync("Blocked for another");
        await EveryAsync(replicas, async replica => await Traffic.PostAsync(replica) == HttpStatusCode.OK);

        await Traffic.BurstAsync(stack, client, 60);
        await ActAsync(alice, "Grant", client, "Their batch job had to run twice", "20");
        var granted = await Traffic.BurstAsync(stack, client, 20);
        Assert.Equal(20, granted.Count(status => status == HttpStatusCode.OK));

        await ActAsync(bob, "Reset", client, "Fresh start");
        await alice.SeeAsync("20 of 20 tokens · full");

        await bob.Page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        await bob.SeeAsync("Changes by operators");
        await AuditedAsync(bob, "bob@example.com", "block", client, "for 2 h", "Scraping");
        await AuditedAsync(bob, "alice@example.com", "unblock", client, "", "They stopped");
        await AuditedAsync(bob, "alice@example.com", "grant", client, "20 tokens", "Their batch job had to run twice");
        await AuditedAsync(bob, "bob@example.com", "reset", client, "", "Fresh start");
        Assert.Empty(alice.Errors.Concat(bob.Errors));
        Array.ForEach(replicas, replica => replica.Dispose());
    }

    [Fact]
    public async Task SignIn_WrongKey_IsRefusedAndTheRightOneLeadsToThePage()
    {
        var stack = fixture.Stack;
        var client = stack.NewClient();
        await using var window = await browser.OpenSignedOutAsync();
        await window.Page.GotoAsync($"{ConsoleBrowser.AddressOf(stack)}/clients");
        await window.Page.GetByLabel("Admin key").FillAsync("guessed");
        await window.PressAsync("Sign in");
        await window.SeeAsync("That is not the admin key.");

        await window.Page.GetByLabel("Admin key").FillAsync((await stack.AdminKey.GetValueAsync(CancellationToken.None))!);
        await window.PressAsync("Sign in");

        await window.SeeAsync(client.Id);
        await window.Page.GetByLabel("Client or address").FillAsync("127.0.0.1");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Address 127.0.0.1");
        await window.PressAsync("Sign out");
        await Assertions.Expect(window.Page.GetByLabel("Admin key")).ToBeVisibleAsync();
    }

    private static Task EveryAsync(HttpClient[] replicas, Func<HttpClient, Task<bool>> condition) =>
        Task.WhenAll(replicas.Select(replica =>
            Poll.UntilAsync("it holds at the replica", () => condition(replica), TimeSpan.FromSeconds(1))));

    private static async Task ActAsync(
        Window window, string action, TestClient client, string reason, string? amount = null, string? unit = null)
    {
        await window.PressAsync($"{action}…");
        if (amount is not null)
        {
            await window.Dialog.GetByLabel(unit is null ? "Tokens" : "For", new() { Exact = true }).FillAsync(amount);
        }

        if (unit is not null)
        {
            await window.Dialog.GetByLabel("Unit").SelectOptionAsync(unit);
        }

        await window.Dialog.GetByLabel("Reason").FillAsync(reason);
        await window.PressAsync($"{action} client {client.Id}", window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
    }

    private static async Task AuditedAsync(Window window, string name, string action, TestClient client, string detail, string reason)
    {
        var row = window.Page.Locator("tbody tr").Filter(new() { HasText = $"client {client.Id}" }).Filter(new() { HasText = reason });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        Assert.Equal(
            [name, action, $"client {client.Id}", detail, reason, "done"],
            (await row.Locator("td").AllInnerTextsAsync()).Skip(1).Select(text => text.Trim()));
    }
}
