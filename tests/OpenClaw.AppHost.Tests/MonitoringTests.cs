using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace OpenClaw.AppHost.Tests;

// The fake container runtime is set by an environment variable, which a graph that starts at the same time must not see.
[Collection(StackFixture.Collection)]
public sealed class MonitoringTests
{
    private static readonly string[] Tools = ["grafana", "mailpit", "prometheus", "redisinsight"];

    [Theory]
    [InlineData("container")]
    [InlineData("embedded")]
    public async Task Create_ARuntimeAnswers_AddsPinnedToolsThatStartOnDemand(string redis)
    {
        using var runtime = new PretendedRuntime("exit 0");

        await using var appHost = await DescribeAsync($"--OpenClaw:Redis={redis}");

        var tools = appHost.Resources.OfType<ContainerResource>().Where(container => container is not RedisResource).OrderBy(
            container => container.Name).ToArray();
        Assert.Equal(Tools, tools.Select(tool => tool.Name));
        Assert.All(tools, tool =>
        {
            Assert.NotEmpty(tool.Annotations.OfType<ExplicitStartupAnnotation>());
            Assert.Matches(@"^v?\d+\.\d+(\.\d+)?$", tool.Annotations.OfType<ContainerImageAnnotation>().Last().Tag);
        });
    }

    [Fact]
    public async Task Create_ARuntimeAnswers_MountsFilesThatAreThere()
    {
        using var runtime = new PretendedRuntime("exit 0");

        await using var appHost = await DescribeAsync("--OpenClaw:Redis=embedded");

        var mounts = appHost.Resources.OfType<ContainerResource>().SelectMany(
            tool => tool.Annotations.OfType<ContainerMountAnnotation>()).ToArray();
        Assert.Equal(3, mounts.Length);
        Assert.All(mounts, mount =>
        {
            Assert.True(mount.IsReadOnly);
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(mount.Source!));
        });
    }

    [Fact]
    public async Task Create_NoRuntimeAnswers_AddsNoContainer()
    {
        using var runtime = new PretendedRuntime("exit 1");

        await using var appHost = await DescribeAsync();

        Assert.Empty(appHost.Resources.OfType<ContainerResource>());
    }

    private static Task<IDistributedApplicationTestingBuilder> DescribeAsync(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(args);
}
