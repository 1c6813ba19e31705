using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.RateLimiting.Tests.Fallback;

/// <summary>Heartbeats and probes with results set by the test.</summary>
internal sealed class ScriptedSignals : IRedisSignals
{
    private TaskCompletionSource? _silence;

    public int HeartbeatSlot => -1;

    public int Replicas { get; set; } = 1;

    public Exception? Failure { get; set; }

    public int Beats { get; private set; }

    public List<string> Probes { get; } = [];

    public int Rediscoveries { get; private set; }

    public bool HasLeft { get; private set; }

    public bool IsSilent
    {
        get => _silence is not null;
        set => _silence = value ? new TaskCompletionSource() : null;
    }

    public async Task<int> BeatAsync()
    {
        Beats++;
        await AnswerAsync();
        return Replicas;
    }

    public Task LeaveAsync()
    {
        HasLeft = true;
        return AnswerAsync();
    }

    public Task ProbeAsync(string partition, PartitionKey[] keys)
    {
        Probes.Add(partition);
        return AnswerAsync();
    }

    public Task<string?> FindMissingRightsAsync(PartitionKey[] keys) => Task.FromResult(MissingRights);

    public string? MissingRights { get; set; }

    public Task RediscoverAsync()
    {
        Rediscoveries++;
        return Task.CompletedTask;
    }

    private Task AnswerAsync() => _silence?.Task ?? (Failure is null ? Task.CompletedTask : Task.FromException(Failure));
}
