using OpenClaw.Edge.Proxying;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests that ASP.NET Core's own errors are found before routes take effect, also those that no rule of the edge
/// describes.</summary>
public sealed class RoutingTrialTests
{
    [Fact]
    public void Check_RouteThatRoutingCannotBuild_NamesThatRoute()
    {
        List<string> errors = [];

        RoutingTrial.Check([Route("good", "/a/{x:int}"), Route("host", "/b", "a:b"), Route("constraint", "/c/{x:foo}")], errors);

        Assert.Equal(2, errors.Count);
        Assert.Equal("ReverseProxy:Routes:host: Could not parse host: a:b", errors[0]);
        Assert.StartsWith("ReverseProxy:Routes:constraint: The constraint reference 'foo' could not be resolved to a type.", errors[1]);
    }

    [Fact]
    public void Check_RoutesThatRoutingBuilds_NoErrors()
    {
        List<string> errors = [];

        RoutingTrial.Check([Route("path", "/"), Route("host", null, "*.example.com:8080")], errors);

        Assert.Empty(errors);
    }

    private static RouteConfig Route(string id, string? path, params string[] hosts) =>
        new() { RouteId = id, Match = new RouteMatch { Path = path, Hosts = hosts, Methods = ["GET"] } };
}
