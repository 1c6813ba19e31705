using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Usage;

public sealed class UsageRecorderTests
{
    [Fact]
    public void Add_FromManyThreads_CountsEveryDecisionThatIsNotDropped()
    {
        UsageRecorder recorder = Create();
        const int Threads = 4, Each = 20_000;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            for (int n = 0; n < Each; n++)
            {
                recorder.Add(Record($"c{i}", admitted: n % 4 != 0));
            }
        }))];
        UsageSlice all = new(1_000);
        Array.ForEach(threads, thread => thread.Start());
        while (threads.Any(thread => thread.IsAlive))
        {
            DrainInto(all, recorder);
        }

        DrainInto(all, recorder);

        UsageCounts counts = all.Policies["rating"].Counts;
        Assert.Equal(counts.Admitted, all.Admitted.Counts.Values.Sum());
        Assert.Equal(counts.Denied, all.Denied.Counts.Values.Sum());
        Assert.Equal(counts.Admitted + counts.Denied, all.Sources[(int)DecisionSource.Store]);
        Assert.InRange(counts.Admitted + counts.Denied, Threads * Each * 0.99, Threads * Each);
    }

    [Fact]
    public void Add_KnownClient_DoesNotAllocate()
    {
        UsageRecorder recorder = Create();
        for (int i = 0; i < 100; i++)
        {
            recorder.Add(Record("acme", admitted: true));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            recorder.Add(Record("acme", admitted: true));
        }

        // Another processor's stripe may be used for the first time.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    private static UsageRecord Record(string client, bool admitted) => new(
        "rating", null, new UsageSubject(client, default), admitted, DecisionSource.Store, 100);

    private static void DrainInto(UsageSlice slice, UsageRecorder recorder)
    {
        foreach (UsageFrame frame in recorder.Drain())
        {
            slice.Add(frame);
        }
    }

    private static UsageRecorder Create()
    {
        ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        return new UsageRecorder(
            Microsoft.Extensions.Options.Options.Create(new EdgeOptions()),
            new EdgeMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()));
    }
}
