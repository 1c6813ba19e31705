using System.Diagnostics;
using System.Text.RegularExpressions;
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

        Assert.Equal(
            $"Redis is the local server (installed, or else embedded), because {runtime.Path} cannot get {Image} "
                + "(The registry is out of reach).",
            Choice());
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
        using var runtime = new PretendedRuntime("test $1 = info");
        using var console = new StringWriter();

        Assert.NotNull(ContainerRuntime.Find()!.FetchImage(Image, console));
        Assert.Empty(console.ToString());
    }

    [Fact]
    public void FetchImage_PullTakesAWhile_SaysWhatIsWaitedFor()
    {
        using var runtime = new PretendedRuntime(
            "test $1 = info && exit; test $1 = pull || exit 1; while [ -s $0 ] && [ ! -e $0.go ]; do sleep 0.05; done");
        using var console = new ReleasingWriter(runtime.Path + ".go");

        Assert.Null(ContainerRuntime.Find()!.FetchImage(Image, console));
        Assert.Matches($"^Pulling {Regex.Escape(Image)} with {Regex.Escape(runtime.Path)}. The start waits for it for at most [1-9] s.$",
            console.ToString().TrimEnd());
    }

    [Fact]
    public void Log_PullHangs_StartsWithinTenSecondsAndSaysWhy()
    {
        using var runtime = new PretendedRuntime("test $1 = info && exit; test $1 = pull || exit 1; exec sleep 60");
        var start = Stopwatch.GetTimestamp();

        var choice = Choice();

        // A little more than ten, for a busy machine.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(12));
        Assert.Matches(
            $"^Redis is the local server \\(installed, or else embedded\\), because {Regex.Escape(runtime.Path)} cannot get "
            + $"{Regex.Escape(Image)} \\(the pull takes more than [1-9] s; it continues, and the next start uses the image if "
            + "it is complete by then\\)\\.$",
            choice);
    }

    private static string Choice()
    {
        using var services = new ServiceCollection().AddFakeLogging().BuildServiceProvider();
        RedisSource.Choose(null, DistributedApplication.CreateBuilder([]).ExecutionContext).Log(services);
        return services.GetFakeLogCollector().LatestRecord.Message;
    }

    /// <summary>Lets the pull end once the log mentions it.</summary>
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
