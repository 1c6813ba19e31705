using System.Collections.Concurrent;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Known clients and their buckets.</summary>
public sealed class FakeBuckets
{
    private readonly ConcurrentDictionary<string, HeldReads> _held = new();
    private readonly ConcurrentDictionary<string, (long Remaining, DateTimeOffset? BlockedUntil)> _states = new();

    public object[] Clients { get; } =
    [
        new { Id = "acme", Tier = "gold", Enabled = true, Source = "configuration",
            Contacts = new { Emails = new[] { "ops@acme.example" }, Webhook = "https://acme.example/hooks/ratelimit" } },
        new { Id = "globex", Tier = (string?)null, Enabled = true, Source = "redis" },
        new { Id = "initech", Tier = "silver", Enabled = false, Source = "configuration" },
    ];

    /// <summary>Sources of the numbers.</summary>
    public string Source { get; set; } = "Store";

    public bool Knows(string client) => client is "acme" or "globex" or "initech";

    public void Set(string subject, long remaining) => _states[subject] = (remaining, null);

    /// <summary>The buckets of a client or an address.</summary>
    public object[] View(string subject, bool isAddress)
    {
        (long remaining, DateTimeOffset? blockedUntil) = _states.GetValueOrDefault(subject, (14, null));
        double? blocked = blockedUntil > DateTimeOffset.UtcNow ? (blockedUntil.Value - DateTimeOffset.UtcNow).TotalSeconds : null;
        object rating = new
        {
            Policy = "rating",
            Partition = $"c:{subject}",
            Source = blocked is null ? Source : "DenyCache",
            BlockedForSeconds = blocked,
            Buckets = new[] { Bucket("burst", 20, Math.Min(remaining, 20), 5), Bucket("daily", 10_000, 9_100, 0.2, shadow: true) },
        };
        object address = new
        {
            Policy = "address",
            Partition = $"a:{subject}",
            Source = "Store",
            BlockedForSeconds = blocked,
            Buckets = new[] { Bucket("address", 200, 186, 50) },
        };
        object ofGold = new
        {
            Policy = "address",
            Partition = $"t:gold:{subject}",
            Tier = "gold",
            Source = "Store",
            BlockedForSeconds = blocked,
            Buckets = new[] { Bucket("address", 1000, 1000, 500) },
        };
        return isAddress ? [address, ofGold] : [rating];
    }

    /// <summary>Leaves reads of a subject unanswered.</summary>
    public HeldReads Hold(string subject) => _held[subject] = new HeldReads();

    /// <summary>Waits until a read may be answered.</summary>
    public Task AnswerableAsync(string subject) => _held.TryGetValue(subject, out HeldReads? held) ? held.WaitAsync() : Task.CompletedTask;

    public void Grant(string subject, long tokens) =>
        _states.AddOrUpdate(subject, (Math.Min(20, 14 + tokens), null), (_, state) =>
            (Math.Min(20, state.Remaining + tokens), state.BlockedUntil));

    public void Reset(string subject) => _states[subject] = (20, null);

    public void Block(string subject, double seconds) => _states.AddOrUpdate(
        subject, _ => (14, DateTimeOffset.UtcNow.AddSeconds(seconds)), (_, state) =>
            (state.Remaining, DateTimeOffset.UtcNow.AddSeconds(seconds)));

    public void Unblock(string subject) => _states.AddOrUpdate(subject, (14, null), (_, state) => (state.Remaining, null));

    private static object Bucket(string name, long capacity, long remaining, double refill, bool shadow = false)
    {
        double full = (capacity - remaining) / refill;
        return new
        {
            Name = name,
            Capacity = capacity,
            Remaining = remaining,
            FullAfterSeconds = full,
            FullAt = DateTimeOffset.UtcNow.AddSeconds(full),
            Shadow = shadow
        };
    }
}
