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
            ("OpenClaw__Edge__Policies__rating__Buckets__burst__Capacity", "-3"),
            ("ReverseProxy__Routes__rating__ClusterId", "nowhere"));

        Assert.Equal(
            """
            OpenClaw:Edge:Drain:Delay is 'soon'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00.
            OpenClaw:Edge:Policies:rating: Policy 'rating', bucket 'burst': Capacity is -3; it must be at least 1.
            ReverseProxy:Routes:rating:ClusterId is 'nowhere'; the clusters are: rating-api.

            """,
            error);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Start_NoRedisNamed_SaysWhatIsMissing()
    {
        (int exitCode, string error) = await EdgeProcess.FailAsync(("ASPNETCORE_URLS", "http://127.0.0.1:0"));

        Assert.Equal("ConnectionStrings:redis is missing; it must be as StackExchange.Redis writes it, such as "
            + "redis:6379,password=secret,ssl=true.\n", error);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "banana", "Invalid url: 'banana'\n")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:8080",
        "Nothing can listen where ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS or Kestrel:Endpoints say: Cannot assign requested address.\n")]
    [InlineData("ReverseProxy__Clusters__rating-api__LoadBalancingPolicy", "Fair",
        "No matching ILoadBalancingPolicy found for the load balancing policy 'Fair' set on the cluster 'rating-api'.\n")]
    [InlineData("ReverseProxy__Routes__rating__Match__Path", "{", "Invalid path '{' for route 'rating'.\n")]
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
        (_, string adminError) = await FailAsync(
            ("OpenClaw__Edge__Admin__Key", TestEdge.AdminKey), ("OpenClaw__Edge__Admin__Port", $"{taken}"));

        Assert.Equal($"Failed to bind to address http://127.0.0.1:{taken}: address already in use.\n", error);
        Assert.Equal(
            $"OpenClaw:Edge:Admin: nothing can listen on 127.0.0.1, port {taken}. Failed to bind to address http://127.0.0.1:{taken}: "
                + "address already in use.\n", adminError);
    }

    private static Task<(int ExitCode, string Error)> FailAsync(params (string Name, string Value)[] environment) =>
        EdgeProcess.FailAsync([("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ConnectionStrings__redis", "127.0.0.1:1"), .. environment]);
}
