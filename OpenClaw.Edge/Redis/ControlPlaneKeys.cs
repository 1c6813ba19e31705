using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Names of the keys that edges and the notifier share for operators. The part in braces determines the cluster slot, so that all
/// keys of a script are in one slot.</summary>
internal sealed class ControlPlaneKeys(IOptions<EdgeOptions> options)
{
    private readonly string _prefix = options.Value.ControlPlane.KeyPrefix;

    /// <summary>Stream of events.</summary>
    public RedisKey Events => $"{_prefix}{{events}}";

    /// <summary>Stream of deliveries, written by the notifier.</summary>
    public RedisKey Deliveries => $"{_prefix}{{events}}:deliveries";

    /// <summary>Stream of deliveries that failed for good, written by the notifier.</summary>
    public RedisKey FailedDeliveries => $"{_prefix}{{events}}:dead";

    /// <summary>Stream of deliveries to retry, written for operators and read by the notifier.</summary>
    public RedisKey Retries => $"{_prefix}{{events}}:retry";

    /// <summary>Stream of changes made through the admin API.</summary>
    public RedisKey Audit => $"{_prefix}{{audit}}";

    /// <summary>Sorted set of replicas that report usage, by the time of their last report in milliseconds.</summary>
    public RedisKey Replicas => $"{_prefix}{{usage}}:replicas";

    /// <summary>Key that exists while an event must not be repeated.</summary>
    public RedisKey OnceOf(string id) => $"{_prefix}{{events}}:once:{id}";

    /// <summary>Number of denials of a client under a policy.</summary>
    public RedisKey DenialsOf(string subject) => $"{_prefix}{{events}}:denied:{subject}";

    /// <summary>Last report of a replica.</summary>
    public RedisKey ReportOf(string replica) => $"{_prefix}{{usage}}:r:{replica}";

    /// <summary>Id of the last increments that a replica added to the history.</summary>
    public RedisKey LastIncrementsOf(string replica) => $"{_prefix}{{usage}}:s:{replica}";

    /// <summary>Counts of all replicas in ten seconds: a hash of <c>policy|kind</c>.</summary>
    public RedisKey TenSeconds(long index) => $"{_prefix}{{usage}}:h:{index}";

    /// <summary>Counts of all replicas in five minutes, in the same form.</summary>
    public RedisKey FiveMinutes(long index) => $"{_prefix}{{usage}}:l:{index}";
}
