using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using MimeKit;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;
using StandardWebhooks;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>A burst is shown to the operator, the operator acts on it, and the partner is notified.</summary>
[Collection(StackFixture.Collection)]
public sealed class BurstTests(StackFixture fixture, ConsoleBrowser browser)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Burst_WithTwoKeys_IsShownInTwoSecondsBlockedInOneAndTold()
    {
        var stack = fixture.Stack;
        var (noisy, other, first) = (stack.NewClient(), stack.NewClient(), stack.NewClient());
        var replicas = (await stack.WaitForReplicasAsync()).Select(address => Traffic.Connect(address, noisy)).ToArray();
        await using var window = await browser.OpenAsync(stack, "/");
        await window.SeeAsync("Live");
        var top = window.Page.GetByRole(AriaRole.Group, new() { Name = "Top clients" });
        await RehearseAsync(window, first);

        var statuses = await Task.WhenAll(Traffic.BurstAsync(stack, noisy, 60), Traffic.BurstAsync(stack, other, 60));

        // On the overview within two seconds, and with every refusal once all replicas have reported.
        await Task.WhenAll(((TestClient[])[noisy, other]).Select(client =>
            Assertions.Expect(Row(client)).ToBeVisibleAsync(new() { Timeout = 2_000 })));
        await Task.WhenAll(((TestClient[])[noisy, other]).Zip(statuses, (client, answers) => Assertions.Expect(Row(client))
            .ToContainTextAsync($"{answers.Count(status => status == HttpStatusCode.TooManyRequests)}")));
        var policy = window.Page.GetByRole(AriaRole.Group, new() { Name = "Policies" }).GetByRole(AriaRole.Row).Filter(
            new() { HasText = "rating" });
        await Assertions.Expect(policy.Locator("td").Nth(1)).Not.ToHaveTextAsync("0");

        // Blocked from the client's page, on every replica within a second.
        await BlockAsync(window, noisy, "Their loop runs wild");
        var pressed = Stopwatch.GetTimestamp();
        await Task.WhenAll(replicas.Select(replica =>
            Poll.UntilAsync("the replica refuses the client", () => Traffic.IsBlockedAsync(replica), TimeSpan.FromSeconds(1))));
        Assert.InRange(Stopwatch.GetElapsedTime(pressed), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        await window.SeeAsync("Blocked for another");
        using var innocent = Traffic.Connect(replicas[0].BaseAddress!, other);
        await Poll.UntilAsync(
            "the other client is admitted", async () => await Traffic.PostAsync(innocent) == HttpStatusCode.OK, Patience);

        // Notified by mail and by a signed webhook, once for each threshold.
        await Poll.UntilAsync("mails and webhooks came", () => Told(noisy).Length == 3 && MailsTo(noisy).Length == 3, Patience);
        var secret = await Partners.GetSecretAsync(noisy.Id);
        Assert.All(fixture.Webhooks.To(noisy.Id), request => new StandardWebhook(secret).Verify(request.Body, request.Headers));
        Assert.Equal(["client.blocked ", "client.threshold 100", "client.threshold 80"], Told(noisy));
        Assert.Equal(
            [
                $"Client {noisy.Id} has used 80 % of its limit rating, bucket burst",
                $"Client {noisy.Id} has used up its limit rating, bucket burst",
                $"Client {noisy.Id} is blocked for 600 seconds",
            ],
            MailsTo(noisy).Select(mail => mail.Subject!.Split(':')[0]).Order(StringComparer.Ordinal));

        // The operator sees the deliveries.
        var blocked = window.Page.GetByRole(AriaRole.Group, new() { Name = "Events" }).GetByRole(AriaRole.Row).Filter(
            new() { HasText = "for 10 min" });
        await Assertions.Expect(blocked).ToContainTextAsync("by alice@example.com: “Their loop runs wild”");
        await Assertions.Expect(blocked).ToContainTextAsync($"delivered email to {Partners.EmailOf(noisy.Id)}");
        await Assertions.Expect(blocked).ToContainTextAsync($"delivered webhook to {fixture.Webhooks.At(noisy.Id)}");
        Assert.Empty(window.Errors);
        Array.ForEach(replicas, replica => replica.Dispose());

        ILocator Row(TestClient client) => top.GetByRole(AriaRole.Row).Filter(new() { Has = Link(window, client) });
    }

    /// <summary>Goes the same way once without a limit of time: the first time, every process on it is still compiling.</summary>
    private async Task RehearseAsync(Window window, TestClient client)
    {
        await Traffic.BurstAsync(fixture.Stack, client, 60);
        await Assertions.Expect(Link(window, client).First).ToBeVisibleAsync();
        await BlockAsync(window, client, "Rehearsal");
        await window.SeeAsync("Blocked for another");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await window.SeeAsync("Live");
    }

    private static async Task BlockAsync(Window window, TestClient client, string reason)
    {
        await Link(window, client).First.ClickAsync();
        await window.SeeAsync("of 20 tokens");
        await window.PressAsync("Block…");
        await window.Dialog.GetByLabel("Reason").FillAsync(reason);
        await window.PressAsync($"Block client {client.Id}", window.Dialog);
    }

    private static ILocator Link(Window window, TestClient client) =>
        window.Page.GetByRole(AriaRole.Link, new() { Name = client.Id, Exact = true });

    /// <summary>Type and threshold of the notifications that a client's webhook received.</summary>
    private string[] Told(TestClient client) => [.. fixture.Webhooks.To(client.Id)
        .Select(request => JsonElement.Parse(request.Body))
        .Select(sent => sent.GetProperty("type").GetString()! + " "
            + (sent.GetProperty("data").TryGetProperty("threshold", out var threshold) ? $"{threshold}" : ""))
        .Order(StringComparer.Ordinal)];

    private MimeMessage[] MailsTo(TestClient client) => [.. fixture.Stack.Mails
        .Select(file => MimeMessage.Load(file.FullName))
        .Where(mail => mail.To.Mailboxes.Any(mailbox => mailbox.Address == Partners.EmailOf(client.Id)))];
}
