using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>A password of Redis is changed, as docs/how-to/operate.md says.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PasswordRotationTests(Overlays overlays) : IAsyncDisposable
{
    private readonly RedisPod _pod = new();

    public ValueTask DisposeAsync() => _pod.DisposeAsync();

    [Fact]
    public async Task Edge_PasswordOfRedisChanged_DecidesByItselfUntilItHasTheNewOne()
    {
        await _pod.StartAsync();
        using ServiceProcess old = await StartAsync("edge", "edge-password");
        using ServiceProcess notifier = await StartAsync("notifier", "another-password");
        await old.UntilAsync("Healthy");
        await notifier.UntilAsync("redis: Redis refused the user or the password");

        await _pod.StopAsync();
        _pod.Set("REDIS_EDGE_PASSWORD", "new-password");
        await _pod.StartAsync();
        await old.UntilAsync("Degraded\nredis: Redis does not decide");
        using HttpClient client = new() { BaseAddress = old.Address };
        using HttpResponseMessage answer = await client.GetAsync("/ratings/nobody");
        Assert.Contains("burst", string.Concat(answer.Headers.GetValues("RateLimit")));

        using ServiceProcess rolled = await StartAsync("edge", "new-password");
        await rolled.UntilAsync("Healthy");
    }

    private async Task<ServiceProcess> StartAsync(string workload, string password) => await ServiceProcess.StartAsync(
        await overlays.RenderAsync("production"),
        workload,
        redis => _pod.Here(redis, workload, "127.0.0.1").Replace(RedisPod.PasswordOf(workload), password));
}
