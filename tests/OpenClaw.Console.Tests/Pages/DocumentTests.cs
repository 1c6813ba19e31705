using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

// With a browser and a console of its own, beside the other tests of pages: waiting for lost answers takes long.
public sealed class DocumentTests(Browser browser) : PageTests(browser), IClassFixture<Browser>
{
    private const string Typed = "{ \"Allow\": { \"Clients\": [\"acme\"] } }";
    private const string Other = "{ \"Deny\": {} }";

    [Theory]
    [InlineData("replaceText(expected, rules) {", "if (!window.lost) { window.lost = true; return false; }")]
    [InlineData("base = rules;\n        put(rules.text);\n        keep();", "if (!window.lost) { window.lost = true; return false; }")]
    public async Task NewerVersion_BrowserDoesNotAnswerInTime_IsShownInTheEnd(string place, string fault)
    {
        await using Window window = await OpenAsync((place, fault));
        ILocator editor = Editor(window);
        await Assertions.Expect(editor).ToHaveValueAsync(FakeRules.First);

        string? version = Write(Other);

        await Assertions.Expect(editor).ToHaveValueAsync(Other);
        await window.SeeAsync($"version {version}");
        await window.SeeNoAsync("was written meanwhile");
        await window.SeeAsync("No difference.");
        Assert.True(await window.Page.EvaluateAsync<bool>("window.lost"));

        // What is typed now is based on it.
        await editor.FillAsync("{}");
        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();
        await window.SeeNoAsync("was written meanwhile");
    }

    [Theory]
    [InlineData("export function attach(root, dotnet) {", "if (!window.lost) { window.lost = true; return new Promise(() => {}); }")]
    [InlineData("show(rules) {", "if (!window.lost) { window.lost = true; return null; }")]
    public async Task Open_FirstAnswerOfTheBrowserIsLost_IsWritableInTheEnd(string place, string fault)
    {
        await using Window window = await OpenAsync((place, fault));

        await Editor(window).FillAsync("{}");

        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Discard_WithANewerVersion_ShowsItAndNoBanner()
    {
        await using Window window = await OpenAsync();
        await Editor(window).FillAsync(Typed);
        string? version = Write(Other);
        await window.SeeAsync($"Version {version} was written meanwhile. Your text is kept");
        await PictureAsync(window, "newer");

        await window.PressAsync("Undo my changes");

        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Other);
        await window.SeeNoAsync("was written meanwhile");
        await Assertions.Expect(Button(window, "Apply…")).ToBeDisabledAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Leave_WithChanges_IsConfirmed(ColorScheme colours)
    {
        await using Window window = await Browser.OpenAsync("/policies/document", colours: colours);
        await Editor(window).FillAsync(Typed);
        ILocator link = window.Page.GetByRole(AriaRole.Link, new() { Name = "Earlier versions" });

        await link.ClickAsync();
        await Assertions.Expect(window.Dialog).ToContainTextAsync("Leave without applying?");
        await PictureAsync(window, $"leave-{colours}");
        await window.PressAsync("Cancel", window.Dialog);

        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Typed);

        await link.ClickAsync();
        await window.PressAsync("Discard and leave", window.Dialog);
        await window.SeeAsync("Versions of the document");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Redis document" }).ClickAsync();

        await Assertions.Expect(Editor(window)).ToHaveValueAsync(FakeRules.First);
        await window.SeeAsync("No difference.");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Reload_WithChanges_IsConfirmedAndRestoresThem(ColorScheme colours)
    {
        await using Window window = await Browser.OpenAsync("/policies/document", colours: colours);
        List<string> questions = Questions(window);
        await Editor(window).FillAsync(Typed);
        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();
        int before = Browser.Edge.Rules.Current.Version;

        await window.Page.ReloadAsync();

        Assert.Equal([DialogType.BeforeUnload], questions);
        await window.SeeAsync("Restored your unsaved text of ");
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Typed);
        await window.SeeNoAsync("It is based on");

        // The latest version is what it is compared with.
        Write(Other);
        await window.Page.ReloadAsync();
        await window.SeeAsync($"It is based on version {before}. The changes below are against the current version.");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Group, new() { Name = "Changes" })).ToContainTextAsync($"removed: {Other}");
        await window.SeeAsync("Valid.");
        await PictureAsync(window, $"restored-{colours}");

        await window.PressAsync("Undo my changes");
        await window.SeeNoAsync("Restored your unsaved text");
        await window.Page.ReloadAsync();
        await window.SeeAsync("Valid.");
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Other);
        Assert.Equal(2, questions.Count);
    }

    [Fact]
    public async Task Reload_RightAfterTyping_IsConfirmedOnlyIfTheTextIsChanged()
    {
        await using Window window = await OpenAsync();
        List<string> questions = Questions(window);
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(FakeRules.First);

        await Editor(window).FillAsync(Typed);
        await window.Page.ReloadAsync();
        Assert.Equal([DialogType.BeforeUnload], questions);

        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Typed);
        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();
        await Editor(window).FillAsync(FakeRules.First);
        await window.Page.ReloadAsync();
        Assert.Single(questions);
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(FakeRules.First);
    }

    [Fact]
    public async Task Reload_AfterApply_RestoresNothing()
    {
        await using Window window = await OpenAsync();
        List<string> questions = Questions(window);
        await Editor(window).FillAsync(Typed);
        await window.PressAsync("Apply…");
        await window.PressAsync("Apply on every replica", window.Dialog);
        await window.SeeAsync("No difference.");
        await window.Page.WaitForFunctionAsync("sessionStorage.getItem('openclaw-rules-text') === null");

        Write(Other);
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Other);
        await window.Page.ReloadAsync();

        await window.SeeAsync("Valid.");
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Other);
        await window.SeeNoAsync("Restored");
        Assert.Empty(questions);
    }

    [Fact]
    public async Task Console_Restarted_ReloadsWithoutAQuestionAndRestoresTheText()
    {
        await using Window window = await OpenAsync();
        List<string> questions = Questions(window);
        await Editor(window).FillAsync(Typed);
        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();

        Browser.Console.Kill();
        await Browser.Console.StartAsync();

        await window.SeeAsync("Restored your unsaved text of ", seconds: 30);
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Typed);
        Assert.Empty(questions);
    }

    [Fact]
    public async Task Apply_ClickedTwice_OpensOneDialog()
    {
        await using Window window = await OpenAsync();
        Questions(window);
        await Editor(window).FillAsync("{}");
        await Assertions.Expect(Button(window, "Apply…")).ToBeEnabledAsync();

        await window.PressTwiceAsync("Apply…");
        await window.PressAsync("Cancel", window.Dialog);

        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task SignOut_WithChanges_ForgetsThem()
    {
        // A sign-in of its own, since it ends here.
        await using Window window = await Browser.OpenAsync("/policies/document", name: "erin@example.com");
        Questions(window);
        await Editor(window).FillAsync(Typed);

        await window.PressAsync("Sign out");

        await window.Page.GetByLabel("Admin key").WaitForAsync();
        Assert.Null(await window.Page.EvaluateAsync<string?>("sessionStorage.getItem('openclaw-rules-text')"));
    }

    [Fact]
    public async Task SignOut_Refused_KeepsThem()
    {
        await using Window window = await OpenAsync();
        bool accept = false;
        TaskCompletionSource refused = new();
        window.Page.Dialog += async (_, dialog) =>
        {
            await (accept ? dialog.AcceptAsync() : dialog.DismissAsync());
            refused.TrySetResult();
        };
        await Editor(window).FillAsync(Typed);

        await window.PressAsync("Sign out");
        await refused.Task.WaitAsync(TimeSpan.FromMilliseconds(Window.Patience));
        accept = true;
        await window.Page.ReloadAsync();

        await window.SeeAsync("Restored your unsaved text of ");
        await Assertions.Expect(Editor(window)).ToHaveValueAsync(Typed);
    }

    private static ILocator Editor(Window window) => window.Page.GetByLabel("Rules document");

    private static ILocator Button(Window window, string name) => window.Page.GetByRole(AriaRole.Button, new() { Name = name });

    // Accepts the browser's questions before a page is left.
    private static List<string> Questions(Window window)
    {
        List<string> questions = [];
        window.Page.Dialog += async (_, dialog) =>
        {
            questions.Add(dialog.Type);
            await dialog.AcceptAsync();
        };
        return questions;
    }

    private static async Task PictureAsync(Window window, string name)
    {
        if (Environment.GetEnvironmentVariable("OPENCLAW_PICTURES") is { Length: > 0 } folder)
        {
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"document-{name}.png"), FullPage = true });
        }
    }

    private string? Write(string text) => Browser.Edge.Rules.Write(text, $"\"{Browser.Edge.Rules.Current.Version}\"", "bob@example.com");

    // Each fault is inserted into the script after a place in it.
    private async Task<Window> OpenAsync(params (string Place, string Fault)[] faults)
    {
        Window window = await Browser.OpenAsync("/not-found");
        if (faults.Length > 0)
        {
            await window.Page.RouteAsync("**/js/editor.js", async route =>
            {
                IAPIResponse response = await route.FetchAsync();
                string script = await response.TextAsync();
                foreach ((string place, string fault) in faults)
                {
                    Assert.Contains(place, script, StringComparison.Ordinal);
                    script = script.Replace(place, place + fault, StringComparison.Ordinal);
                }

                await route.FulfillAsync(new() { Response = response, Body = script });
            });
        }

        await window.Page.GotoAsync($"{Browser.Address}/policies/document");
        return window;
    }
}
