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
        using ServiceProcess old = await StartAsync(redis => redis);
        await old.UntilAsync("Healthy");

        await _pod.StopAsync();
        _pod.Set("REDIS_EDGE_PASSWORD", "new-password");
        await _pod.StartAsync();
        await old.UntilAsync("Degraded\nredis: Redis does not decide (noauth)");
        using HttpClient client = new() { BaseAddress = old.Address };
        using HttpResponseMessage answer = await client.GetAsync("/ratings/nobody");
        Assert.Contains("burst", string.Concat(answer.Headers.GetValues("RateLimit")));

        using ServiceProcess rolled = await StartAsync(redis => redis.Replace(RedisPod.PasswordOf("edge"), "new-password"));
        await rolled.UntilAsync("Healthy");
    }

    private async Task<ServiceProcess> StartAsync(Func<string, string> change) => await ServiceProcess.StartAsync(
        await overlays.RenderAsync("production"), "edge", redis => change(_pod.Here(redis, "edge", "127.0.0.1")));
}
