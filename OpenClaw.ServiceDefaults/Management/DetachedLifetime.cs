using Microsoft.Extensions.Hosting;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>The lifetime of a server inside another host: ignores signals, which the outer host handles.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
