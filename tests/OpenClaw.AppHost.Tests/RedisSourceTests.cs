using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class RedisSourceTests
{
    private const string Image = "docker.io/library/redis:8.6";

    [Fact]
    public void Log_ImageCannotBeHad_SaysWhichServerItIsThenAndWhy()
    {
        using var runtime = new PretendedRuntime("test $1 = info || { echo 'The registry is out of reach.' >&2; exit 1; }");

        Assert.Equal($"Redis is the embedded server, because {runtime.Path} cannot get {Image} (The registry is out of reach).", Choice());
    }

    [Fact]
    public void Log_RuntimeHasTheImage_SaysSo()
    {
        using var runtime = new PretendedRuntime("exit 0");

        Assert.Equal($"Redis is a container, because {runtime.Path} has {Image}.", Choice());
    }

    [Fact]
    public void FetchImage_PullFailsAtOnce_DoesNotSpeakOfPulling()
    {
        using var runtime = new PretendedRuntime("exit 1");
        using var console = new StringWriter();

        Assert.NotNull(ContainerRuntime.FetchImage(runtime.Path, Image, console));
        Assert.Empty(console.ToString());
    }

    [Fact]
    public void FetchImage_PullTakesAWhile_SaysWhatIsWaitedFor()
    {
        using var runtime = new PretendedRuntime("test $1 = pull || exit 1; while [ -s $0 ] && [ ! -e $0.go ]; do sleep 0.05; done");
        using var console = new ReleasingWriter(runtime.Path + ".go");

        Assert.Null(ContainerRuntime.FetchImage(runtime.Path, Image, console));
        Assert.Equal($"Pulling {Image} with {runtime.Path}, for at most 40 s.", console.ToString().TrimEnd());
    }

    private static string Choice()
    {
        using var services = new ServiceCollection().AddFakeLogging().BuildServiceProvider();
        RedisSource.Choose(null, DistributedApplication.CreateBuilder([]).ExecutionContext).Log(services);
        return services.GetFakeLogCollector().LatestRecord.Message;
    }

    /// <summary>Lets the pull end when it is spoken of.</summary>
    private sealed class ReleasingWriter(string file) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            File.Create(file).Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            File.Delete(file);
            base.Dispose(disposing);
        }
    }
}
