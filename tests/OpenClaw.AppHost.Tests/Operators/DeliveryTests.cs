using Microsoft.Playwright;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>A partner's server fails, and the operator repeats the delivery.</summary>
[Collection(StackFixture.Collection)]
public sealed class DeliveryTests(StackFixture fixture, ConsoleBrowser browser)
{
    [Fact]
    public async Task FailedDelivery_RetriedOrDiscarded_ArrivesOrIsGone()
    {
        var stack = fixture.Stack;
        var (repaired, lost) = (stack.NewClient(), stack.NewClient());
        fixture.Webhooks.AnswerWith(repaired.Id, [.. Enumerable.Repeat(503, Partners.MaxAttempts), 200]);
        fixture.Webhooks.AnswerWith(lost.Id, 410);
        await using var alice = await browser.OpenAsync(stack, "/events/failed");
        await using var bob = await browser.OpenAsync(stack, "/events/failed", "bob@example.com");

        using (var admin = await stack.ConnectToAdminAsync())
        {
            foreach (var client in (TestClient[])[repaired, lost])
            {
                using var blocked = await admin.PostAsync(
                    "/buckets/block", System.Net.Http.Json.JsonContent.Create(new { client = client.Id, seconds = 60 }));
                blocked.EnsureSuccessStatusCode();
            }
        }

        var row = Row(alice, repaired);
        await Assertions.Expect(row).ToContainTextAsync("503");
        await Assertions.Expect(row).ToContainTextAsync("Blocked");
        await Assertions.Expect(Row(bob, lost)).ToContainTextAsync("410");
        await alice.PressAsync($"Retry webhook {fixture.Webhooks.At(repaired.Id)}");
        await Assertions.Expect(Row(bob, repaired)).ToHaveCountAsync(0);
        await Poll.UntilAsync(
            "the receiver has it", () => fixture.Webhooks.To(repaired.Id).Length == Partners.MaxAttempts + 1, TimeSpan.FromSeconds(10));
        Assert.Single(fixture.Webhooks.To(repaired.Id).Select(request => request.Id).Distinct());

        await bob.PressAsync($"Discard webhook {fixture.Webhooks.At(lost.Id)}");
        await bob.PressAsync("Discard", bob.Dialog);
        await Assertions.Expect(Row(alice, lost)).ToHaveCountAsync(0);

        await alice.Page.GotoAsync($"{ConsoleBrowser.AddressOf(stack)}/events");
        await Assertions.Expect(Row(alice, repaired)).ToContainTextAsync($"delivered webhook to {fixture.Webhooks.At(repaired.Id)}");
        await Assertions.Expect(Row(alice, lost)).ToContainTextAsync($"failed webhook to {fixture.Webhooks.At(lost.Id)}");
        await Assertions.Expect(Row(alice, lost)).ToContainTextAsync($"delivered email to {Partners.EmailOf(lost.Id)}");
    }

    private static ILocator Row(Window window, TestClient client) => window.Page.Locator("tbody tr").Filter(
        new() { Has = window.Page.GetByRole(AriaRole.Link, new() { Name = client.Id, Exact = true }) });
}
