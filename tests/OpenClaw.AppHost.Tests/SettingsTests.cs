using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost.Tests;

// One sets an environment variable, which a graph that starts meanwhile must not see.
[Collection(StackFixture.Collection)]
public sealed class SettingsTests
{
    [Theory]
    [InlineData("OpenClaw:Redis=memcached", "'memcached'; it must be 'container', 'embedded' or 'external'")]
    [InlineData("OpenClaw:Redis=external", "set ConnectionStrings:redis")]
    [InlineData("OpenClaw:RatingApi=nowhere", "OpenClaw:RatingApi is 'nowhere'; it must be an absolute http or https address")]
    public async Task Create_WrongSetting_SaysWhatWouldBeRight(string setting, string message)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => DescribeAsync("--OpenClaw:Redis=embedded", $"--{setting}"));

        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongSettings_PrintsASentenceForEachAndNoStackTrace()
    {
        var (exitCode, _, errors) = await AppHostProcess.RunAsync("--OpenClaw:Redis=memcached", "--OpenClaw:RatingApi=nowhere");

        Assert.Equal(1, exitCode);
        Assert.Collection(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("OpenClaw:Redis is 'memcached'; it must be", line, StringComparison.Ordinal),
            line => Assert.StartsWith("OpenClaw:RatingApi is 'nowhere'; it must be", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_RealRatingApi_LeavesTheMockOut()
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=embedded", "--OpenClaw:RatingApi=https://ratings.example.com");

        Assert.DoesNotContain(appHost.Resources, resource => resource.Name == "rating-api");
    }

    [Fact]
    public void Read_RatingApiWithEscapes_KeepsThem()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("OpenClaw:RatingApi", "https://ratings.example.com/v%201")]).Build();

        Assert.Equal("https://ratings.example.com/v%201", AppHostSettings.Read(configuration).RatingApi);
    }

    [Fact]
    public async Task Create_ExternalRedis_StartsNoServer()
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=external", "--ConnectionStrings:redis=elsewhere:6379,password=secret");

        var redis = Assert.Single(appHost.Resources.OfType<IResourceWithConnectionString>());
        Assert.Equal("elsewhere:6379,password=secret", await redis.GetConnectionStringAsync());
        Assert.DoesNotContain(appHost.Resources, resource => resource.Name == "redis-server");
    }

    [Fact]
    public async Task Create_ContainerRedis_HasADataVolume()
    {
        await using var appHost = await DescribeAsync("--OpenClaw:Redis=container");

        var redis = Assert.Single(appHost.Resources.OfType<RedisResource>());
        Assert.Contains(redis.Annotations.OfType<ContainerMountAnnotation>(), mount => mount is { Type: ContainerMountType.Volume, Target: "/data" });
    }

    [Theory]
    [InlineData("exit 0", false)]
    [InlineData("exit 1", true)]
    [InlineData("test $1 = info", true)]
    public async Task Create_NothingSet_TakesTheContainerWhereARuntimeHasTheImage(string runtime, bool isEmbedded)
    {
        using var pretended = new PretendedRuntime(runtime);

        await using var appHost = await DescribeAsync();

        Assert.Equal(isEmbedded, appHost.Resources.Any(resource => resource.Name == "redis-server"));
        Assert.Equal(!isEmbedded, appHost.Resources.OfType<RedisResource>().Any());
    }

    private static Task<IDistributedApplicationTestingBuilder> DescribeAsync(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(args);
}
