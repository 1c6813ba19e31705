using Microsoft.Extensions.Configuration;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests which YARP settings are refused.</summary>
public sealed class ProxySettingsTests
{
    private const string Route = "ReverseProxy:Routes:rating:";
    private const string Cluster = "ReverseProxy:Clusters:rating-api:";

    [Fact]
    public void ErrorsIn_ShippedSettings_None() => Assert.Empty(ErrorsIn());

    [Theory]
    [InlineData("Order", "7")]
    [InlineData("Timeout", "00:00:05")]
    [InlineData("TimeoutPolicy", "Disable")]
    [InlineData("AuthorizationPolicy", "Anonymous")]
    [InlineData("RateLimiterPolicy", "disable")]
    [InlineData("MaxRequestBodySize", "-1")]
    [InlineData("MaxRequestBodySize", "100")]
    [InlineData("Match:Methods:0", "GET")]
    [InlineData("Match:Hosts:0", "*.example.com")]
    [InlineData("Match:Headers:0:Name", "X-Version", "Match:Headers:0:Values:0", "2", "Match:Headers:0:Mode", "HeaderPrefix")]
    [InlineData("Match:QueryParameters:0:Name", "v", "Match:QueryParameters:0:Mode", "Exists")]
    [InlineData("Transforms:0:PathPrefix", "/api")]
    [InlineData("Transforms:0:X-Forwarded", "Append", "Transforms:0:HeaderPrefix", "X-Forwarded-")]
    [InlineData("Timeout", null)]
    public void ErrorsIn_RouteSettingThatWorks_None(params string?[] settings) => Assert.Empty(ErrorsIn(Route, settings));

    [Theory]
    [InlineData("Timeout is '0'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00.", "Timeout", "0")]
    [InlineData(
        "Timeout is 'soon'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00.", "Timeout", "soon")]
    [InlineData("Timeout is '-00:00:01'; it must be longer than 00:00:00, and at most 24.00:00:00.", "Timeout", "-00:00:01")]
    [InlineData("Timeout is '00:00:00'; it must be longer than 00:00:00, and at most 24.00:00:00.", "Timeout", "00:00:00")]
    [InlineData("Timeout is '25.00:00:00'; it must be longer than 00:00:00, and at most 24.00:00:00.", "Timeout", "25.00:00:00")]
    [InlineData(
        "TimeoutPolicy is 'slow', but the edge has no named time limits: set Timeout to a duration instead.", "TimeoutPolicy", "slow")]
    [InlineData("AuthorizationPolicy is 'default', but the edge has no authorization policies. To require a known API key, set "
        + "OpenClaw:Edge:ApiKeys:Unknown to Reject.", "AuthorizationPolicy", "default")]
    [InlineData("CorsPolicy is 'default', but the edge answers CORS for all routes alike: set OpenClaw:Edge:Cors:AllowedOrigins.",
        "CorsPolicy", "default")]
    [InlineData("OutputCachePolicy is 'all', but the edge does not cache responses: remove it.", "OutputCachePolicy", "all")]
    [InlineData("MaxRequestBodySize is '-2'; it must be a number of bytes, or -1 for no limit.", "MaxRequestBodySize", "-2")]
    [InlineData("MaxRequestBodySize is '1 MB'; it must be a whole number.", "MaxRequestBodySize", "1 MB")]
    [InlineData("Order is 'first'; it must be a whole number.", "Order", "first")]
    [InlineData("ClusterId is 'nowhere'; the clusters are: rating-api.", "ClusterId", "nowhere")]
    [InlineData("Metadata:owner has no effect: nothing reads metadata of routes. Remove it.", "Metadata:owner", "team")]
    [InlineData("Match:Methods is a text; it must be a list: ReverseProxy:Routes:rating:Match:Methods:0, "
        + "ReverseProxy:Routes:rating:Match:Methods:1 and so on.", "Match:Methods", "GET")]
    [InlineData("Match:Paht is not a setting; ReverseProxy:Routes:rating:Match has: Headers, Hosts, Methods, Path, "
        + "QueryParameters.", "Match:Paht", "/x")]
    [InlineData("Match:Headers:0:Mode is 'Like'; it must be one of ExactHeader, HeaderPrefix, Contains, NotContains, Exists, "
        + "NotExists.", "Match:Headers:0:Name", "X", "Match:Headers:0:Values:0", "y", "Match:Headers:0:Mode", "Like")]
    [InlineData("Transforms:0:HeaderPrefix is 'X-Fwd-'; it must be X-Forwarded-, since the edge drops only those headers from requests of "
        + "untrusted clients.", "Transforms:0:X-Forwarded", "Append", "Transforms:0:HeaderPrefix", "X-Fwd-")]
    [InlineData("RouteId is not a setting; ReverseProxy:Routes:rating has: AuthorizationPolicy, ClusterId, CorsPolicy, Match, "
        + "MaxRequestBodySize, Metadata, Order, OutputCachePolicy, RateLimiterPolicy, Timeout, TimeoutPolicy, Transforms.", "RouteId", "x")]
    public void ErrorsIn_RouteSettingThatDoesNotWork_OneSentence(string error, params string?[] settings) =>
        Assert.Equal([Route + error], ErrorsIn(Route, settings));

    [Theory]
    [InlineData("ReverseProxy:Routes:rating: Unknown transform: Teleport", "Transforms:0:Teleport", "x")]
    [InlineData("ReverseProxy:Routes:rating: Invalid path '{' for route 'rating'.", "Match:Path", "{")]
    [InlineData("ReverseProxy:Routes:rating: Route 'rating' has both a Timeout '00:00:05' and TimeoutPolicy 'Disable'.",
        "Timeout", "00:00:05", "TimeoutPolicy", "Disable")]
    public void ErrorsIn_WhatYarpRefuses_ItsSentence(string error, params string?[] settings) =>
        Assert.Equal([error], ErrorsIn(Route, settings));

    [Theory]
    [InlineData("LoadBalancingPolicy", "LeastRequests")]
    [InlineData("HealthCheck:Passive:Enabled", "true", "HealthCheck:Passive:ReactivationPeriod", "00:00:10")]
    [InlineData("SessionAffinity:Enabled", "true", "SessionAffinity:Policy", "HashCookie", "SessionAffinity:AffinityKeyName",
        "backend", "SessionAffinity:Cookie:MaxAge", "30.00:00:00")]
    [InlineData(
        "SessionAffinity:Enabled", "true", "SessionAffinity:AffinityKeyName", "backend", "SessionAffinity:FailurePolicy", "Return503Error")]
    [InlineData("HttpClient:SslProtocols:0", "Tls13", "HttpClient:MaxConnectionsPerServer", "8",
        "HttpClient:DangerousAcceptAnyServerCertificate", "false")]
    [InlineData("HttpClient:WebProxy:Address", "http://127.0.0.1:3128", "HttpClient:EnableMultipleHttp2Connections", "true")]
    [InlineData("HttpClient:RequestHeaderEncoding", "latin1", "HttpClient:ResponseHeaderEncoding", "latin1")]
    [InlineData(
        "HttpRequest:Version", "2", "HttpRequest:VersionPolicy", "RequestVersionExact", "HttpRequest:AllowResponseBuffering", "false")]
    [InlineData("Metadata:ConsecutiveFailuresHealthPolicy.Threshold", "3", "Metadata:TransportFailureRateHealthPolicy.RateLimit", "0.5")]
    [InlineData("Destinations:rating-api:Health", "http://rating-api:9090", "Destinations:rating-api:Host", "ratings.example.com")]
    public void ErrorsIn_ClusterSettingThatWorks_None(params string?[] settings) => Assert.Empty(ErrorsIn(Cluster, settings));

    [Theory]
    [InlineData("SessionAffinity:Policy is 'Cookie', which needs encryption keys that replicas share, and the edge keeps none; use "
        + "HashCookie or ArrCookie.", "SessionAffinity:Policy", "Cookie")]
    [InlineData("SessionAffinity:Policy is 'customheader', which needs encryption keys that replicas share, and the edge keeps none; use "
        + "HashCookie or ArrCookie.", "SessionAffinity:Policy", "customheader")]
    [InlineData("SessionAffinity:Enabled is 'yes'; it must be true or false.", "SessionAffinity:Enabled", "yes")]
    [InlineData("HealthCheck:Active:Interval is '00:00:00'; it must be longer than 00:00:00, and at most 24.00:00:00.",
        "HealthCheck:Active:Interval", "00:00:00")]
    [InlineData("HealthCheck:Passive:ReactivationPeriod is '00:00:09'; it must be at least 00:00:10.",
        "HealthCheck:Passive:ReactivationPeriod", "00:00:09")]
    [InlineData("HttpRequest:ActivityTimeout is '10'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or "
        + "1.00:00:00.", "HttpRequest:ActivityTimeout", "10")]
    [InlineData("HttpRequest:Version is '4'; it must be 1.0, 1.1, 2 or 3.", "HttpRequest:Version", "4")]
    [InlineData("HttpClient:MaxConnectionsPerServer is '0'; it must be at least 1.", "HttpClient:MaxConnectionsPerServer", "0")]
    [InlineData("HttpClient:WebProxy:Address is 'proxy'; it must be an address that begins with http:// or https://.",
        "HttpClient:WebProxy:Address", "proxy")]
    [InlineData("HttpClient:ResponseHeaderEncoding is 'utf-8'; response headers pass byte for byte, in any encoding: remove it.",
        "HttpClient:ResponseHeaderEncoding", "utf-8")]
    [InlineData("HttpClient:Timeout is not a setting; ReverseProxy:Clusters:rating-api:HttpClient has: "
        + "DangerousAcceptAnyServerCertificate, EnableMultipleHttp2Connections, MaxConnectionsPerServer, RequestHeaderEncoding, "
            + "ResponseHeaderEncoding, SslProtocols, WebProxy.", "HttpClient:Timeout", "1")]
    [InlineData("Metadata:owner has no effect; metadata of clusters are: ConsecutiveFailuresHealthPolicy.Threshold, "
        + "TransportFailureRateHealthPolicy.RateLimit.", "Metadata:owner", "team")]
    [InlineData("Metadata:TransportFailureRateHealthPolicy.RateLimit is '30 %'; it must be a number above 0, at most 1.",
        "Metadata:TransportFailureRateHealthPolicy.RateLimit", "30 %")]
    [InlineData("Destinations:rating-api:Address is 'rating-api:8080'; it must be an address that begins with http:// or https://.",
        "Destinations:rating-api:Address", "rating-api:8080")]
    [InlineData("Destinations:rating-api:Health is '/alive'; it must be an address that begins with http:// or https://.",
        "Destinations:rating-api:Health", "/alive")]
    [InlineData("Destinations:second:Address is missing; it must be an address that begins with http:// or https://.",
        "Destinations:second:Host", "x")]
    [InlineData("Destinations:rating-api:Metadata:zone has no effect: nothing reads metadata of destinations. Remove it.",
        "Destinations:rating-api:Metadata:zone", "a")]
    [InlineData("ClusterId is not a setting; ReverseProxy:Clusters:rating-api has: Destinations, HealthCheck, HttpClient, HttpRequest, "
        + "LoadBalancingPolicy, Metadata, SessionAffinity.", "ClusterId", "x")]
    public void ErrorsIn_ClusterSettingThatDoesNotWork_OneSentence(string error, params string?[] settings) =>
        Assert.Equal([Cluster + error], ErrorsIn(Cluster, settings));

    [Theory]
    [InlineData("ReverseProxy:Clusters:rating-api: No matching ILoadBalancingPolicy found for the load balancing policy 'Fair' set on the "
        + "cluster 'rating-api'.", "LoadBalancingPolicy", "Fair")]
    [InlineData("ReverseProxy:Clusters:rating-api: Affinity key name set on the cluster 'rating-api' must not be null.",
        "SessionAffinity:Enabled", "true")]
    public void ErrorsIn_ClusterThatYarpRefuses_ItsSentence(string error, params string?[] settings) =>
        Assert.Equal([error], ErrorsIn(Cluster, settings));

    [Fact]
    public void ErrorsIn_UnknownSection_SaysWhichThereAre() =>
        Assert.Equal(
            ["ReverseProxy:Route is not a setting; ReverseProxy has: Clusters, Routes."], ErrorsIn("ReverseProxy:Route:", "x", "y"));

    internal static List<string> ErrorsIn(string prefix = "", params string?[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
            .AddInMemoryCollection(settings.Chunk(2).Select(pair => new KeyValuePair<string, string?>(prefix + pair[0], pair[1])))
            .Build();
        return ProxySettings.ErrorsIn(
            ConfigurationTree.Read(configuration, ProxySettings.Section), ConfigurationTree.Read(configuration, ProxySettings.Services));
    }
}
