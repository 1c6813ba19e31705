using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Console.Edge;
using OpenClaw.Console.Edge.Model;
using OpenClaw.Console.Options;
using OpenClaw.Console.SignIn;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.SignIn;

public sealed partial class SessionTests
{
    private const string NoEdge = "http://127.0.0.1:9";

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(FakeEdge.Key, HttpStatusCode.OK)]
    [InlineData("the-key-after-rotation", HttpStatusCode.Found)]
    public async Task Cookie_AfterARestart_IsValidUnlessTheAdminKeyHasChanged(string key, HttpStatusCode expected)
    {
        (string, string) keys = ("OpenClaw:Console:KeyFolder", Directory.CreateTempSubdirectory("console-keys").FullName);
        await using TestConsole before = await TestConsole.StartAsync(NoEdge, keys);
        using WebClient client = new(before.Address);
        using HttpResponseMessage signedIn = await client.SignInAsync(FakeEdge.Key, null, "/audit");
        await using TestConsole after = await TestConsole.StartAsync(NoEdge, keys, ("OpenClaw:Console:AdminKey", key));

        using HttpResponseMessage response = await client.Http.GetAsync(new Uri(new Uri(after.Address), "/audit"));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Cookie_UsedAllTheTime_EndsAfterTheLifetime()
    {
        await using TestConsole console = await TestConsole.StartAsync(
            NoEdge, services => services.AddSingleton<TimeProvider>(_time), ("OpenClaw:Console:SessionLifetime", "01:00:00"));
        using WebClient client = new(console.Address);
        using HttpResponseMessage signedIn = await client.SignInAsync(FakeEdge.Key, null, "/audit");

        _time.Advance(TimeSpan.FromMinutes(40));
        using HttpResponseMessage during = await client.Http.GetAsync("/audit");
        _time.Advance(TimeSpan.FromMinutes(21));
        using HttpResponseMessage after = await client.Http.GetAsync("/audit");

        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        Assert.Equal(HttpStatusCode.Found, after.StatusCode);
    }

    [Fact]
    public async Task Cookie_CopiedBeforeTheSignOut_IsRefused()
    {
        await using TestConsole console = await TestConsole.StartAsync(NoEdge);
        using WebClient client = new(console.Address);
        using HttpResponseMessage signedIn = await client.SignInAsync(FakeEdge.Key, null, "/audit");
        string cookie = signedIn.Headers.GetValues("Set-Cookie")
            .Single(value => value.StartsWith("openclaw-console=", StringComparison.Ordinal));
        string page = await client.Http.GetStringAsync("/audit");
        Dictionary<string, string> fields = new() { ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value };

        using HttpResponseMessage signedOut = await client.Http.PostAsync("/sign-out", new FormUrlEncodedContent(fields));

        Assert.Equal(HttpStatusCode.Found, signedOut.StatusCode);
        using HttpClient other = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using HttpRequestMessage request = new(HttpMethod.Get, console.Address + "/audit");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage response = await other.SendAsync(request);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Fact]
    public void IsValid_AfterTheEndOfTheSessionOrWithoutOne_IsFalse()
    {
        Sessions sessions = Create("key");
        ClaimsPrincipal alice = sessions.Begin("alice");
        ClaimsPrincipal bob = sessions.Begin("bob");

        Assert.True(sessions.IsValid(alice));
        Assert.False(Create("another key").IsValid(alice));
        Assert.False(sessions.IsValid(Operator.Create("alice")));
        Assert.False(sessions.IsValid(new ClaimsPrincipal(new ClaimsIdentity())));

        sessions.End(alice);

        Assert.False(sessions.IsValid(alice));
        Assert.True(sessions.IsValid(bob));

        _time.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1));
        sessions.End(bob);

        Assert.False(sessions.IsValid(alice));
        Assert.False(sessions.IsValid(bob));
    }

    [Fact]
    public async Task Change_SessionHasJustEnded_IsNotSent()
    {
        Sessions sessions = Create("key");
        ClaimsPrincipal alice = sessions.Begin("alice");
        EdgeClient edge = new(new EdgeConnection(new NoClients()), new OpenPage(alice), sessions);
        BucketChange change = new("acme", null, null, "Their batch job", 5, null);
        await Assert.ThrowsAsync<NotSupportedException>(() => edge.ChangeAsync("grant", change, CancellationToken.None));

        sessions.End(alice);

        EdgeException refusal = await Assert.ThrowsAsync<EdgeException>(() => edge.ChangeAsync("grant", change, CancellationToken.None));
        Assert.Equal(EdgeFailure.SignedOut, refusal.Failure);
    }

    private Sessions Create(string key) => new(
        Microsoft.Extensions.Options.Options.Create(new ConsoleOptions { AdminKey = key }), _time);

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();

    private sealed class NoClients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => throw new NotSupportedException("A request was sent.");
    }

    private sealed class OpenPage(ClaimsPrincipal user) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(user));
    }
}
