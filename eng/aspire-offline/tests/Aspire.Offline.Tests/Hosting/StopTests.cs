using System.Diagnostics;
using Aspire.Hosting.Testing;

namespace Aspire.Offline.Tests.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_RunningApplication_EndsEveryProcess()
    {
        var echo = new EchoApplication();
        await echo.InitializeAsync();
        int[] processes = [await echo.GetAsync<int>("first", "pid"), await echo.GetAsync<int>("second", "pid")];

        await echo.DisposeAsync();

        var watch = Stopwatch.StartNew();
        while (processes.Any(IsRunning) && watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(50);
        }

        Assert.DoesNotContain(processes, IsRunning);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
