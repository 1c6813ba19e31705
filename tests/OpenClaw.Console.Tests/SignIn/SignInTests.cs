using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Console.Components.Theming;
using OpenClaw.Console.SignIn;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.SignIn;

public sealed class SignInTests(SignInTests.Server server) : IClassFixture<SignInTests.Server>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/clients/acme")]
    public async Task Request_SignedOut_IsSentToTheSignInPage(string path)
    {
        using WebClient client = new(server.Console.Address);

        using HttpResponseMessage response = await client.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/sign-in", response.Headers.Location!.AbsolutePath);
        Assert.Equal($"?returnPath={Uri.EscapeDataString(path)}", response.Headers.Location.Query);
    }

    [Fact]
    public async Task Connection_SignedOut_IsRefused()
    {
        using WebClient client = new(server.Console.Address);

        using HttpResponseMessage response = await client.Http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task SignIn_RightKey_LeadsToThePageAskedForAndSetsAClosedCookie()
    {
        using WebClient client = new(server.Console.Address);

        using HttpResponseMessage response = await client.SignInAsync(FakeEdge.Key, "Zoë", "/clients/acme");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(new Uri(client.Http.BaseAddress!, "/clients/acme"), new Uri(client.Http.BaseAddress!, response.Headers.Location!));
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value =>
            value.StartsWith("openclaw-console=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        string page = await client.Http.GetStringAsync("/clients/acme");
        Assert.Contains("Zo&#xEB;", page, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeEdge.Key, page, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Console.Output, line => line.Contains(FakeEdge.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_WithoutTheAntiforgeryToken_IsRefused()
    {
        using WebClient client = new(server.Console.Address);

        Dictionary<string, string> fields = new() { ["_handler"] = "sign-in", ["Form.Key"] = FakeEdge.Key };
        using HttpResponseMessage signIn = await client.Http.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        using HttpResponseMessage signOut = await client.Http.PostAsync("/sign-out", new FormUrlEncodedContent([]));

        Assert.Equal(HttpStatusCode.BadRequest, signIn.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, signOut.StatusCode);
    }

    [Fact]
    public async Task Pages_Any_HaveStrictHeaders()
    {
        using WebClient client = new(server.Console.Address);

        using HttpResponseMessage response = await client.Http.GetAsync("/sign-in");

        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.False(response.Headers.Contains("Server"));
        string html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]*src=)", html);
    }

    [Fact]
    public async Task ErrorPage_AfterAnException_HasStrictHeaders()
    {
        await using TestConsole console = await TestConsole.StartAsync(
            server.Edge.Address,
            services => services.AddSingleton<ThemeStylesheet>(_ => throw new InvalidOperationException("A test of the error page.")));
        using WebClient client = new(console.Address);

        using HttpResponseMessage response = await client.Http.GetAsync("/theme.css");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("The console failed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task SignIn_ManyWrongKeys_AreRefusedAndSlowed()
    {
        await using TestConsole console = await TestConsole.StartAsync(server.Edge.Address);
        using WebClient client = new(console.Address);
        for (int i = 0; i < AttemptLimiter.Burst; i++)
        {
            using HttpResponseMessage wrong = await client.SignInAsync($"wrong-{i}", null, null);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("That is not the admin key.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using HttpResponseMessage slowed = await client.SignInAsync(FakeEdge.Key, null, null);

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.Equal(AttemptLimiter.Period, slowed.Headers.RetryAfter!.Delta);
        Assert.DoesNotContain(console.Output, line => line.Contains("wrong-0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/clients", "/clients")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\nevil", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void ReturnPath_OfAnotherSite_IsNotFollowed(string? path, string expected) => Assert.Equal(expected, ReturnPath.Local(path));

    [Theory]
    [InlineData(null, "admin key")]
    [InlineData("  \r\n", "admin key")]
    [InlineData(" alice\r\nX-Evil: 1 ", "aliceX-Evil: 1")]
    public void Operator_Name_HasNoControlCharacters(string? name, string expected) =>
        Assert.Equal(expected, Operator.NameOf(Operator.Create(name)));

    public sealed class Server : IAsyncLifetime
    {
        internal TestConsole Console { get; private set; } = null!;

        internal FakeEdge Edge { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Edge = await FakeEdge.StartAsync();
            Console = await TestConsole.StartAsync(Edge.Address);
        }

        public async ValueTask DisposeAsync()
        {
            await Console.DisposeAsync();
            await Edge.DisposeAsync();
        }
    }
}
