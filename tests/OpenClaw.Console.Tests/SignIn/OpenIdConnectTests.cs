using System.Net;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.SignIn;

public sealed class OpenIdConnectTests
{
    private const string Section = "OpenClaw:Console:OpenIdConnect";

    [Theory]
    [InlineData("operators", true)]
    [InlineData("owners", false)]
    public async Task SignIn_WithAProvider_NeedsTheClaim(string group, bool mayEnter)
    {
        await using FakeProvider provider = await FakeProvider.StartAsync();
        await using TestConsole console = await TestConsole.StartAsync(
            "http://127.0.0.1:9",
            ($"{Section}:Authority", provider.Address),
            ($"{Section}:ClientId", FakeProvider.ClientId),
            ($"{Section}:ClientSecret", FakeProvider.ClientSecret),
            ($"{Section}:RequiredClaim", "groups"),
            ($"{Section}:RequiredValue", group));
        using WebClient client = new(console.Address);
        string page = await client.Http.GetStringAsync("/sign-in?returnPath=%2Faudit");
        Assert.DoesNotContain("Admin key", page, StringComparison.Ordinal);
        Assert.Contains("sign-in/provider?returnPath=%2Faudit", page, StringComparison.Ordinal);

        using HttpResponseMessage response = await client.FollowAsync("/sign-in/provider?returnPath=%2Faudit");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mayEnter ? "/audit" : "/sign-in", response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains(
            mayEnter ? "carol@example.com" : "The provider signed you in, but you are not allowed to use this console.",
            await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(console.Output, line => line.Contains(FakeProvider.ClientSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdminKey_WithAProvider_OpensNothing()
    {
        await using FakeProvider provider = await FakeProvider.StartAsync();
        await using TestConsole console = await TestConsole.StartAsync(
            "http://127.0.0.1:9", ($"{Section}:Authority", provider.Address), ($"{Section}:ClientId", FakeProvider.ClientId));
        using WebClient client = new(console.Address);

        using HttpResponseMessage response = await client.SignInAsync(FakeEdge.Key, null, "/");

        Assert.DoesNotContain(
            response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies : [],
            cookie => cookie.StartsWith("openclaw-console=", StringComparison.Ordinal));
    }
}
