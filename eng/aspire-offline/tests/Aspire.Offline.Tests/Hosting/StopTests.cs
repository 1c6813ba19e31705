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

    [Fact]
    public async Task Stop_RequestInFlight_IsServedToTheEnd()
    {
        await using var echo = new EchoApplication();
        await echo.InitializeAsync();
        using var client = echo.App.CreateHttpClient("first", "http");
        using var answer = await client.GetAsync(new Uri("until-stopped", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        await echo.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("served to the end", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
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
