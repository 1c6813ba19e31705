namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests that routes are refused which YARP accepts and which would fail at requests, or match none.</summary>
public sealed class RefusedRouteTests
{
    private const string Route = "ReverseProxy:Routes:rating:";
    private const string Path = "Match:Path";

    [Theory]
    [InlineData("foo", "/b/{x:foo}")]
    [InlineData("int(5)", "/b/{x:int(5)}")]
    [InlineData("range(a,b)", "/b/{x:range(a,b)}")]
    [InlineData("regex([)", "/b/{x:regex([)}")]
    [InlineData("regex([)", "/b/{x:regex([)?}")]
    [InlineData("foo", "/b/{x:int:foo}/{**rest}")]
    public void ErrorsIn_ConstraintThatRoutingCannotCreate_NamesIt(string constraint, string path) => Assert.Equal(
        [$"{Route}{Path} is '{path}'; its constraint '{constraint}' is unknown, or has wrong arguments."],
        ProxySettingsTests.ErrorsIn(Route, Path, path));

    [Theory]
    [InlineData("/b/{x:int}")]
    [InlineData("/b/{x:range(1,5)}/{y:regex(^a+$)?}")]
    [InlineData("b/{x:minlength(2):alpha}.{ext}")]
    public void ErrorsIn_ConstraintOfRouting_None(string path) => Assert.Empty(ProxySettingsTests.ErrorsIn(Route, Path, path));

    [Theory]
    [InlineData("a:b")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:-1")]
    [InlineData("a:")]
    [InlineData(":80")]
    [InlineData("http://a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("*a.example.com")]
    [InlineData("*.")]
    public void ErrorsIn_HostThatRoutingCannotMatch_SaysWhatAHostIs(string host) => Assert.Equal(
        [
            $"{Route}Match:Hosts:0 is '{host}'; it must be a host such as example.com, *.example.com or *, "
                + "and may have a port: example.com:8080.",
        ],
        ProxySettingsTests.ErrorsIn(Route, "Match:Hosts:0", host));

    [Theory]
    [InlineData("a")]
    [InlineData("*")]
    [InlineData("*:8080")]
    [InlineData("*.example.com:443")]
    [InlineData("api.example.com:*")]
    [InlineData("bücher.example")]
    [InlineData("10.0.0.1:8080")]
    public void ErrorsIn_Host_None(string host) => Assert.Empty(ProxySettingsTests.ErrorsIn(Route, "Match:Hosts:0", host));

    [Theory]
    [InlineData("/x/{**all}", "/X/{*rest}")]
    [InlineData("/x/{a:int}", "/x/{b:int?}")]
    [InlineData("/x", "x/")]
    public void ErrorsIn_TwoRoutesForTheSameRequests_NamesBoth(string path, string other) => Assert.Equal(
        ["ReverseProxy:Routes:one and ReverseProxy:Routes:other match the same requests; they must differ in Order or in Match."],
        ErrorsInPair(path, other, "Timeout", "00:00:01", "Order", "0"));

    [Theory]
    [InlineData("Match:Hosts:0", "a.example", "Match:Hosts:0", "A.example:*")]
    [InlineData("Match:Hosts:0", "*.a.example", "Match:Hosts:0", "*.b.a.example")]
    [InlineData("Match:Methods:0", "GET", "Match:Methods:0", "get")]
    [InlineData("Match:Headers:0:Name", "X-V", "Match:Headers:0:Name", "x-v")]
    [InlineData("Match:QueryParameters:0:Name", "v", "Match:QueryParameters:0:Name", "v")]
    public void ErrorsIn_TwoRoutesOverlap_Refused(string name, string value, string otherName, string otherValue) =>
        Assert.Single(ErrorsInPair("/x/{a}", "/X/{b?}", name, value, otherName, otherValue));

    [Theory]
    [InlineData("Match:Hosts:0", "a.example", "Match:Hosts:0", "b.example")]
    [InlineData("Match:Hosts:0", "a.example", "Match:Hosts:0", "a.example:8080")]
    [InlineData("Match:Hosts:0", "a.example", "Match:Hosts:0", "*.example")]
    [InlineData("Match:Methods:0", "GET", "Match:Methods:0", "POST")]
    [InlineData("Match:Methods:0", "GET", "Order", "0")]
    [InlineData("Match:Headers:0:Name", "X-V", "Match:Headers:0:Name", "X-W")]
    [InlineData("Match:QueryParameters:0:Name", "v", "Match:QueryParameters:0:Name", "w")]
    [InlineData("Order", "1", "Order", "2")]
    public void ErrorsIn_TwoRoutesThatDiffer_None(string name, string value, string otherName, string otherValue) =>
        Assert.Empty(ErrorsInPair("/x/{a}", "/X/{b?}", name, value, otherName, otherValue));

    [Theory]
    [InlineData("/x/{a:int}", "/x/{b}")]
    [InlineData("/x/{a}", "/x/{**b}")]
    [InlineData("/x/{a}", "/x/a")]
    [InlineData("/x/{a}.json", "/x/{a}.xml")]
    public void ErrorsIn_PathsOfAnotherShape_None(string path, string other) =>
        Assert.Empty(ErrorsInPair(path, other, "Order", "0", "Order", "0"));

    private static List<string> ErrorsInPair(
        string path, string otherPath, string name, string value, string otherName, string otherValue)
    {
        const string One = "ReverseProxy:Routes:one:";
        const string Other = "ReverseProxy:Routes:other:";
        string?[] mode = name.EndsWith("0:Name", StringComparison.Ordinal)
            ? [One + name[..^4] + "Mode", "Exists", Other + otherName[..^4] + "Mode", "Exists"]
            : [];
        return ProxySettingsTests.ErrorsIn("",
        [
            One + "ClusterId", "rating-api", One + Path, path, One + name, value,
            Other + "ClusterId", "rating-api", Other + Path, otherPath, Other + otherName, otherValue, .. mode,
        ]);
    }
}
