using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Offline.Tests.Hosting;

public sealed class ManifestTests
{
    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation", "publish", "--step", "publish-manifest")]
    public async Task Publish_Manifest_DescribesContainersProjectsAndParameters(params string[] args)
    {
        var resources = await PublishAsync(args);

        Assert.Equal("container.v0", (string?)resources["redis"]!["type"]);
        Assert.Equal("{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}", (string?)resources["redis"]!["connectionString"]);
        Assert.Equal("docker.io/library/redis:8.6", (string?)resources["redis"]!["image"]);
        Assert.Equal("redis-server --requirepass $REDIS_PASSWORD --save 60 1", (string?)resources["redis"]!["args"]![1]);
        Assert.Equal("/data", (string?)resources["redis"]!["volumes"]![0]!["target"]);
        Assert.Equal("parameter.v0", (string?)resources["redis-password"]!["type"]);
        Assert.True((bool?)resources["redis-password"]!["inputs"]!["value"]!["secret"]);
        Assert.Equal("project.v0", (string?)resources["web"]!["type"]);
        Assert.EndsWith("EchoService/EchoService.csproj", (string?)resources["web"]!["path"], StringComparison.Ordinal);
        Assert.Equal("""{"scheme":"http","protocol":"tcp","transport":"http","targetPort":8080,"external":true}""", resources["web"]!["bindings"]!["http"]!.ToJsonString());
    }

    [Fact]
    public async Task Publish_Manifest_EnvironmentIsReferencesNotValues()
    {
        var environment = (await PublishAsync("--publisher", "manifest"))["web"]!["env"]!.AsObject().ToDictionary(variable => variable.Key, variable => (string?)variable.Value);

        Assert.Equal("{redis.connectionString}", environment["ConnectionStrings__redis"]);
        Assert.Equal("{redis.bindings.tcp.host}", environment["REDIS_HOST"]);
        Assert.Equal("{redis-password.value}", environment["REDIS_PASSWORD"]);
        Assert.Equal("{web.bindings.http.targetPort}", environment["HTTP_PORTS"]);
        Assert.Equal("true", environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"]);
    }

    private static async Task<JsonNode> PublishAsync(params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("aspire-manifest-");
        try
        {
            var path = Path.Combine(folder.FullName, "manifest.json");
            var builder = DistributedApplication.CreateBuilder([.. args, "--output-path", path]);
            var redis = builder.AddRedis("redis").WithDataVolume();
            builder.AddProject<EchoProject>("web", launchProfileName: null)
                .WithHttpEndpoint(targetPort: 8080)
                .WithExternalHttpEndpoints()
                .WithReference(redis);
            await builder.Build().RunAsync();
            return JsonNode.Parse(await File.ReadAllTextAsync(path))!["resources"]!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
