using System.Net;
using System.Net.Sockets;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Configuration;

/// <summary>Tests the output of an edge that cannot start: one line for each error, and nothing else.</summary>
public sealed class StartFailureTests
{
    [Fact]
    public async Task Start_WrongSettings_ALineForEachAndExitCodeOne()
    {
        (int exitCode, string error) = await FailAsync(
            ("OpenClaw__Edge__Drain__Delay", "soon"),
            ("OpenClaw__Edge__Admin__Port", "9091"),
            ("OpenClaw__Management__Address", "0.0.0.0"),
            ("OpenClaw__Metrics__Prometheus__Port", "9464"),
            ("OpenClaw__Management__Port", "high"),
            ("OpenClaw__Edge__Policies__rating__Buckets__burst__Capacity", "-3"),
            ("ReverseProxy__Routes__rating__ClusterId", "nowhere"),
            ("ReverseProxy__Routes__ratings__Match__Path", "{"),
            ("ReverseProxy__Clusters__rating-api__LoadBalancingPolicy", "Fair"));

        Assert.Equal(
            [
                "OpenClaw:Metrics:Prometheus:Port is no longer a setting: metrics are served on the management listener, see "
                    + "OpenClaw:Management:Port.",
                "OpenClaw:Management:Port is 'high'; it must be 0 to 65535.",
                "OpenClaw:Management:Address is 0.0.0.0, which other machines can reach without TLS: set "
                    + "OpenClaw:Management:Certificate:Path, or OpenClaw:Management:AllowPlainText=true where only trusted machines can.",
                "OpenClaw:Edge:Drain:Delay is 'soon'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00.",
                "OpenClaw:Edge:Admin:Port is '9091' and OpenClaw:Management:Port is 'high', but both are names of one setting: remove "
                    + "OpenClaw:Edge:Admin:Port.",
                "OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity is -3; it must be at least 1.",
                "ReverseProxy:Routes:rating:ClusterId is 'nowhere'; the clusters are: rating-api.",
                "ReverseProxy:Routes:ratings: Invalid path '{' for route 'ratings'.",
                "ReverseProxy:Clusters:rating-api: No matching ILoadBalancingPolicy found for the load balancing policy 'Fair' set on the "
                    + "cluster 'rating-api'.",
                "",
            ],
            error.Split('\n'));
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Start_NoRedisNamed_SaysWhatIsMissing()
    {
        (int exitCode, string error) = await EdgeProcess.FailAsync(("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        Assert.Equal("ConnectionStrings:redis is missing; it must be in the format of StackExchange.Redis, such as "
            + "redis:6379,password=secret,ssl=true.\n", error);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "banana", "Invalid url: 'banana'\n")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:8080",
        "Nothing can listen where ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS or Kestrel:Endpoints say: Cannot assign requested address.\n")]
    [InlineData("ReverseProxy__Clusters__rating-api__LoadBalancingPolicy", "Fair",
        "ReverseProxy:Clusters:rating-api: No matching ILoadBalancingPolicy found for the load balancing policy 'Fair' set on the cluster "
            + "'rating-api'.\n")]
    [InlineData("ReverseProxy__Routes__rating__Match__Path", "{",
        "ReverseProxy:Routes:rating: Invalid path '{' for route 'rating'.\n")]
    [InlineData("ReverseProxy__Routes__rating__Match__Hosts__0", "a:b", "ReverseProxy:Routes:rating:Match:Hosts:0 is 'a:b'; it must be a "
        + "host such as example.com, *.example.com or *, and may have a port: example.com:8080.\n")]
    public async Task Start_WrongAddressOrRoute_OneLineAndExitCodeOne(string name, string value, string expected)
    {
        (int exitCode, string error) = await FailAsync((name, value));

        Assert.Equal(expected, error);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Start_PortTaken_OneLineThatNamesIt()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int taken = ((IPEndPoint)listener.LocalEndpoint).Port;

        (_, string error) = await FailAsync(("ASPNETCORE_URLS", $"http://127.0.0.1:{taken}"));
        (_, string managementError) = await FailAsync(("OpenClaw__Management__Port", $"{taken}"));
        (_, string sharedError) = await FailAsync(
            ("ASPNETCORE_URLS", $"http://127.0.0.1:0;http://+:{taken}"), ("OpenClaw__Management__Port", $"{taken}"));

        Assert.Equal($"Failed to bind to address http://127.0.0.1:{taken}: address already in use.\n", error);
        Assert.Equal(
            $"OpenClaw:Management:Port is {taken}, and another program listens on 127.0.0.1, port {taken} already: set a free port, "
                + "or 0 for any.\n",
            managementError);
        Assert.Equal(
            $"OpenClaw:Management:Port is {taken}, and so is a public port (ASPNETCORE_URLS); each needs a port of its own.\n",
                sharedError);
    }

    private static Task<(int ExitCode, string Error)> FailAsync(params (string Name, string Value)[] environment) =>
        EdgeProcess.FailAsync(
            [
                ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ConnectionStrings__redis", "127.0.0.1:1"), ("OpenClaw__Management__Port", "0"),
                .. environment,
            ]);
}
