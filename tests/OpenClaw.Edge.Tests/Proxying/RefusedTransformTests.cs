namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests that values are refused which YARP accepts and which would fail each request, or change nothing.</summary>
public sealed class RefusedTransformTests
{
    private const string Route = "ReverseProxy:Routes:ratings:";
    private const string Cluster = "ReverseProxy:Clusters:rating-api:";
    private const string Transform = "Transforms:0:";

    [Theory]
    [InlineData("RequestHeader is 'bad name'; it must be the name of a header.", "RequestHeader", "bad name", "Set", "x")]
    [InlineData("RequestHeaderRemove is 'a:'; it must be the name of a header.", "RequestHeaderRemove", "a:")]
    [InlineData("ResponseHeader is 'bad name'; it must be the name of a header.", "ResponseHeader", "bad name", "Set", "x")]
    [InlineData("ResponseHeadersAllowed has 'b c'; it must be names of headers, separated by semicolons.",
        "ResponseHeadersAllowed", "A;b c")]
    [InlineData("RequestHeader is 'content-length'; the edge sets this header itself for each of its connections: remove the transform.",
        "RequestHeader", "content-length", "Set", "5")]
    [InlineData("RequestHeader is 'Connection'; the edge sets this header itself for each of its connections: remove the transform.",
        "RequestHeader", "Connection", "Append", "close")]
    [InlineData("ResponseHeader is 'Transfer-Encoding'; the edge sets this header itself for each of its connections: remove the "
        + "transform.", "ResponseHeader", "Transfer-Encoding", "Set", "chunked")]
    [InlineData("Set has control characters; it must be a header value of one line.", "ResponseHeader", "X-A", "Set", "a\r\nb: c")]
    [InlineData("Append has control characters; it must be a header value of one line.", "RequestHeader", "X-A", "Append", "a\nb")]
    [InlineData("Set is 'B AD'; it must be an HTTP method.", "HttpMethodChange", "GET", "Set", "B AD")]
    [InlineData("HttpMethodChange is 'B AD'; it must be an HTTP method.", "HttpMethodChange", "B AD", "Set", "GET")]
    [InlineData("PathPrefix is '/v%201'; it must be a path without escapes (%): the edge encodes it.", "PathPrefix", "/v%201")]
    [InlineData("PathSet is '/a%2Fb'; it must be a path without escapes (%): the edge encodes it.", "PathSet", "/a%2Fb")]
    [InlineData("PathPattern is '/v%20/{rest}'; it must be a path without escapes (%): the edge encodes it.",
        "PathPattern", "/v%20/{rest}")]
    [InlineData("PathPattern is '/v/{rest:foo}'; its constraint 'foo' is unknown, or has wrong arguments.", "PathPattern", "/v/{rest:foo}")]
    [InlineData("PathPattern names the parameter 'nope'; Path of the route has: rest.", "PathPattern", "/v/{nope}/{**rest}")]
    [InlineData("Set names the parameter 'nope'; Path of the route has: rest.", "QueryRouteParameter", "q", "Set", "nope")]
    [InlineData("Append names the parameter 'nope'; Path of the route has: rest.", "RequestHeaderRouteValue", "X-A", "Append", "nope")]
    public void ErrorsIn_TransformThatCannotWork_OneSentence(string error, params string?[] settings) =>
        Assert.Equal([Route + Transform + error], ProxySettingsTests.ErrorsIn(Route + Transform, settings));

    [Theory]
    [InlineData("RequestHeader", "X-A", "Set", "a\tb é")]
    [InlineData("RequestHeader", "Host", "Set", "ratings.example.com")]
    [InlineData("ResponseHeader", "X-A", "Append", "1", "When", "Always")]
    [InlineData("RequestHeadersAllowed", "Accept;X-A")]
    [InlineData("HttpMethodChange", "PUT", "Set", "POST")]
    [InlineData("PathPattern", "/v/{**REST}")]
    [InlineData("QueryRouteParameter", "q", "Append", "rest")]
    public void ErrorsIn_TransformThatWorks_None(params string?[] settings) =>
        Assert.Empty(ProxySettingsTests.ErrorsIn(Route + Transform, settings));

    [Fact]
    public void ErrorsIn_HeaderMatchOfNoHeader_OneSentence() => Assert.Equal(
        [Route + "Match:Headers:0:Name is 'X Y'; it must be the name of a header."],
        ProxySettingsTests.ErrorsIn(Route, "Match:Headers:0:Name", "X Y", "Match:Headers:0:Mode", "Exists"));

    [Theory]
    [InlineData("HealthCheck:Active:Path is 'ping'; it must begin with /, and have no query: set Query for that.",
        "HealthCheck:Active:Path", "ping")]
    [InlineData("HealthCheck:Active:Path is '/ping?full=1'; it must begin with /, and have no query: set Query for that.",
        "HealthCheck:Active:Path", "/ping?full=1")]
    [InlineData("HealthCheck:Active:Query is 'x=1'; it must begin with ?, and be ASCII without spaces and #.",
        "HealthCheck:Active:Query", "x=1")]
    [InlineData("SessionAffinity:AffinityKeyName is 'a b;c'; it must be the name of a cookie.",
        "SessionAffinity:AffinityKeyName", "a b;c", "SessionAffinity:Enabled", "true")]
    [InlineData("SessionAffinity:Cookie:Path is '/;x'; it must be ASCII without spaces and semicolons.",
        "SessionAffinity:AffinityKeyName", "a", "SessionAffinity:Enabled", "true", "SessionAffinity:Cookie:Path", "/;x")]
    [InlineData("HttpClient:WebProxy:Address is missing, so ReverseProxy:Clusters:rating-api:HttpClient:WebProxy has no effect; it must "
        + "be an address that begins with http:// or https://.", "HttpClient:WebProxy:BypassOnLocal", "true")]
    [InlineData("Destinations:rating-api:Host is 'bad host'; it must be a host, and may have a port: example.com:8080.",
        "Destinations:rating-api:Host", "bad host")]
    [InlineData("Destinations:rating-api:Host is 'a\r\nb'; it must be a host, and may have a port: example.com:8080.",
        "Destinations:rating-api:Host", "a\r\nb")]
    [InlineData("Destinations:rating-api:Host is 'a:b'; it must be a host, and may have a port: example.com:8080.",
        "Destinations:rating-api:Host", "a:b")]
    [InlineData("Destinations:rating-api:Address has a user name, which would not be used; it must be a scheme, host, port and path.",
        "Destinations:rating-api:Address", "http://user:secret@ratings")]
    [InlineData("Destinations:rating-api:Address has a query, which would not be used; it must be a scheme, host, port and path.",
        "Destinations:rating-api:Address", "http://ratings/?a=1")]
    [InlineData("Destinations:rating-api:Health has a fragment, which would not be used; it must be a scheme, host, port and path.",
        "Destinations:rating-api:Health", "http://rating-api/#a")]
    public void ErrorsIn_ClusterSettingThatCannotWork_OneSentence(string error, params string?[] settings) =>
        Assert.Equal([Cluster + error], ProxySettingsTests.ErrorsIn(Cluster, settings));

    [Theory]
    [InlineData("HealthCheck:Active:Path", "/ping", "HealthCheck:Active:Query", "?full=1&a=%20")]
    [InlineData("Destinations:rating-api:Host", "ratings.example.com:8443")]
    [InlineData("Destinations:rating-api:Host", "[2001:db8::1]:80")]
    [InlineData("Destinations:rating-api:Address", "https://ratings.example.com/base/")]
    [InlineData("Destinations:rating-api:Health", "http://monitor/alive")]
    public void ErrorsIn_ClusterSettingThatWorks_None(params string?[] settings) =>
        Assert.Empty(ProxySettingsTests.ErrorsIn(Cluster, settings));

    [Theory]
    [InlineData("http://other:9090", true)]
    [InlineData("http://RATING-API:9090", false)]
    public void ErrorsIn_HealthOfAService_MustHaveItsHost(string health, bool isRefused) => Assert.Equal(
        isRefused
            ? [
                Cluster + "Destinations:rating-api:Health has the host 'other'; it must have the host 'rating-api' of Address, since each "
                    + "endpoint of the service is probed at its own address.",
            ]
            : [],
        ProxySettingsTests.ErrorsIn(
            "", Cluster + "Destinations:rating-api:Health", health, "services:rating-api:http:0", "http://10.0.0.1:8080"));
}
