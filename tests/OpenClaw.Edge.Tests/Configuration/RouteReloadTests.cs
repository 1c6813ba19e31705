using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class RouteReloadTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Configuration_PolicyAndRouteInOneChange_BothInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        foreach ((string key, string? value) in Requests.Bucket("fresh", "only", 2))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "fresh";
        stack.Edge.Settings.Reload();

        await Poll.UntilAsync("the route has the new policy", async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy") == "\"only\";q=2;w=7200";
        }, Patience);
    }

    [Fact]
    public async Task Configuration_RouteNamesUnknownPolicy_RefusedOnceAndOldRouteStaysLimited()
    {
        await using Stack stack = await Stack.StartAsync(redis);

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "ratng";
        stack.Edge.Settings.Reload();
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        string error = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error).Message;
        Assert.EndsWith("\nReverseProxy:Routes:rating:RateLimiterPolicy is 'ratng'; the policies are: address, rating.", error);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Configuration_RouteNamesAPolicyOfRefusedRules_RefusedOnceAndBothInForceWhenMended()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        foreach ((string key, string? value) in Requests.Bucket("fresh", "only", 2))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "fresh";
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = "platinum";
        stack.Edge.Settings.Reload();

        string error = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error).Message;
        Assert.Contains("OpenClaw:Edge:Clients:test:Tier is 'platinum'", error);
        Assert.EndsWith("ReverseProxy:Routes:rating:RateLimiterPolicy names a policy of these rules, so routes and clusters stay as they "
            + "are, too.", error);

        // Routes follow once a document adds the missing policy.
        Assert.Empty(stack.Edge.Rules.Apply("1", """{ "Tiers": { "platinum": { "rating": { "burst": { "Capacity": 5 } } } } }"""));
        await Poll.UntilAsync("the route has the new policy", async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy") == "\"only\";q=2;w=7200";
        }, Patience);
    }
}
