using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Screenshots of every page of the console with a busy graph, for the documents and for visual checks. CONTRIBUTING describes how
/// to take them.</summary>
[Collection(StackFixture.Collection)]
public sealed class PictureTests(ConsoleBrowser browser)
{
    private static readonly string[] Clients = ["acme", "globex", "hooli", "initech", "umbrella"];

    private static readonly (string Name, string Path, Func<Window, Task> Complete)[] Pages =
    [
        ("clients", "/clients", window => window.SeeAsync("umbrella")),
        ("client", "/clients/initech", window => window.SeeAsync("Threshold passed")),
        ("block", "/clients/initech", OpenDialogAsync),
        ("address", "/addresses/203.0.113.9", window => window.SeeAsync("Blocked for another")),
        ("policies", "/policies", window => window.SeeAsync("198.51.100.0/24")),
        ("document", "/policies/document", EditAsync),
        ("versions", "/policies/versions", CompareAsync),
        ("try", "/policies/try", TryAsync),
        ("events", "/events", window => window.SeeAsync("Tokens granted")),
        ("failed", "/events/failed", window => window.SeeAsync("Retry")),
        ("audit", "/audit", window => window.SeeAsync("Scanner")),
        ("not-found", "/not-found", window => window.SeeAsync("There is no such page")),
        ("overview", "/", RankByHourAsync),
    ];

    [Fact(Explicit = true)]
    public async Task Pages_OfABusyGraph_ArePhotographed()
    {
        var folder = Environment.GetEnvironmentVariable("OPENCLAW_PICTURES") ?? "pictures";
        var minutes = double.Parse(
            Environment.GetEnvironmentVariable("OPENCLAW_PICTURES_MINUTES") ?? "16", CultureInfo.InvariantCulture);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("hooli", 503);
        await using var stack = await Stack.StartAsync(
            Clients,
            [
                .. Partners.Settings(receiver, Clients),
                "--OpenClaw:Edge:Clients:acme:Tier=gold", "--OpenClaw:Edge:Clients:globex:Tier=silver",
            ]);
        await stack.WaitUntilHealthyAsync();
        var known = Clients.ToDictionary(id => id, _ => stack.NewClient());

        await ActAsync(stack);
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(minutes) + TimeSpan.FromMinutes(5));
        var traffic = Task.WhenAll(
            PostAsync(stack, known["acme"], 8, end.Token), PostAsync(stack, known["globex"], 4, end.Token, burst: 70),
            PostAsync(stack, known["initech"], 7, end.Token), PostAsync(stack, known["umbrella"], 3, end.Token),
            PostAsync(stack, known["hooli"], 1, end.Token, burst: 25));
        await Task.Delay(TimeSpan.FromMinutes(minutes), end.Token);
        foreach (var colours in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach (var width in (int[])[1280, 600])
            {
                await PhotographAsync(stack, Path.Combine(folder, $"{colours}-{width}".ToLowerInvariant()), colours, width);
            }
        }

        await end.CancelAsync();
        await traffic;
    }

    private async Task PhotographAsync(Stack stack, string folder, ColorScheme colours, int width)
    {
        await using (var signedOut = await browser.OpenSignedOutAsync(colours, width))
        {
            await signedOut.Page.GotoAsync(ConsoleBrowser.AddressOf(stack));
            await signedOut.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "sign-in.png") });
        }

        await using var window = await browser.OpenAsync(stack, "/not-found", colours: colours, width: width);
        foreach (var (name, path, complete) in Pages)
        {
            await window.Page.GotoAsync(ConsoleBrowser.AddressOf(stack) + path);
            await complete(window);
            // Curves and bars move into place.
            await window.Page.WaitForTimeoutAsync(2_000);
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }

    /// <summary>Earlier actions of operators.</summary>
    private static async Task ActAsync(Stack stack)
    {
        await SendAsync(
            stack, HttpMethod.Put, "/rules?reason=A+network+of+scanners", """{ "Deny": { "Networks": ["198.51.100.0/24"] } }""");
        await SendAsync(
            stack, HttpMethod.Put, "/rules?reason=See+whom+a+daily+limit+would+hit",
            """
            {
              "Deny": { "Networks": ["198.51.100.0/24"] },
              "AddressPolicy": "address",
              "Policies": {
                "rating": {
                  "PartitionBy": "client",
                  "Buckets": {
                    "burst": { "Capacity": 20, "RefillTokens": 5, "RefillPeriod": "00:00:01" },
                    "daily": { "Capacity": 1000, "RefillTokens": 9000, "RefillPeriod": "1.00:00:00", "Shadow": true }
                  }
                }
              }
            }
            """);
        (string Action, object Body)[] changes =
        [
            ("block", new { address = "203.0.113.9", seconds = 7200, reason = "Scanner" }),
            ("grant", new { client = "umbrella", tokens = 10, reason = "Their batch job had to run twice" }),
            ("block", new { client = "hooli", seconds = 600, reason = "Loop in their client" }),
            ("unblock", new { client = "hooli", reason = "They have fixed it" }),
            ("reset", new { client = "acme", reason = "Incident 4711 was ours" }),
        ];
        foreach (var (action, body) in changes)
        {
            await SendAsync(stack, HttpMethod.Post, $"/buckets/{action}", JsonSerializer.Serialize(body));
        }
    }

    private static async Task SendAsync(Stack stack, HttpMethod method, string path, string json)
    {
        using var admin = await stack.ConnectToAdminAsync();
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { { "X-Operator", "alice@example.com" } },
        };
        using var answer = await admin.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Posts evenly, in slow waves, with a burst twice a minute.</summary>
    private static async Task PostAsync(Stack stack, TestClient client, double perSecond, CancellationToken end, int burst = 0)
    {
        using var http = Traffic.Connect(stack.App.GetEndpoint("edge", "http"), client);
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; !end.IsCancellationRequested; sent++)
        {
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var wave = 1 + (0.3 * Math.Sin(seconds / 40));
            await Task.Delay(TimeSpan.FromSeconds(1 / (perSecond * wave)), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Traffic.PostAsync(http);
            if (burst > 0 && sent % (int)(30 * perSecond) == 0)
            {
                await Traffic.BurstAsync(stack, client, burst);
            }
        }
    }

    private static async Task RankByHourAsync(Window window)
    {
        await window.SeeAsync("Live");
        await window.Page.GetByLabel("Window").SelectOptionAsync("hour");
        await window.SeeAsync("initech");
    }

    private static async Task OpenDialogAsync(Window window)
    {
        await window.SeeAsync("of 20 tokens");
        await window.PressAsync("Block…");
        await Assertions.Expect(window.Dialog.GetByLabel("Reason")).ToBeVisibleAsync();
    }

    private static async Task EditAsync(Window window)
    {
        await window.SeeAsync("Valid.");
        var editor = window.Page.GetByLabel("Rules document");
        var text = await editor.InputValueAsync();
        await editor.FillAsync(text.Replace("\"Capacity\": 20,", "\"Capacity\": 30,", StringComparison.Ordinal));
        await window.SeeAsync("Valid.");
    }

    private static async Task CompareAsync(Window window)
    {
        await window.SeeAsync("A network of scanners");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Compare version" }).Last.ClickAsync();
        await window.SeeAsync("Restore version");
    }

    private static async Task TryAsync(Window window)
    {
        var policy = window.Page.GetByLabel("Policy", new() { Exact = true });
        await Assertions.Expect(policy).Not.ToHaveValueAsync("");
        await policy.FillAsync("rating");
        await window.Page.GetByLabel("Client (").FillAsync("initech");
        await window.Page.GetByLabel("Cost (").FillAsync("15");
        await window.PressAsync("Try");
        await window.SeeAsync("costs 15");
    }
}
