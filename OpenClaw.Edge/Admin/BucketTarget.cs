using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Admin;

/// <summary>Selects buckets: exactly one of client, address and partition, in one policy or in all.</summary>
internal sealed record BucketTarget
{
    private const int MaxPartitionLength = 128;

    private BucketTarget() { }

    /// <summary>Id of a client; null for another subject.</summary>
    public string? Client { get; private init; }

    /// <summary>An address; null for another subject.</summary>
    public ClientAddress? Address { get; private init; }

    /// <summary>Name of a partition from another response of this API; null for another subject.</summary>
    public string? Partition { get; private init; }

    /// <summary>Name of a policy; null for all that apply. Always set with a partition.</summary>
    public string? Policy { get; private init; }

    /// <summary>Reads a target, in which an empty text names nothing. Returns null with the reason when it is invalid.</summary>
    public static BucketTarget? Read(
        string? client, string? address, string? partition, string? policy, AddressReader addresses, out string error)
    {
        BucketTarget target = new()
        {
            Client = NullIfEmpty(client)?.ToLowerInvariant(),
            Partition = NullIfEmpty(partition),
            Policy = NullIfEmpty(policy)?.ToLowerInvariant(),
        };
        address = NullIfEmpty(address);
        if (new[] { target.Client, address, target.Partition }.Count(subject => subject is not null) != 1
            || (target.Partition is not null && target.Policy is null))
        {
            error = "Name exactly one of client, address, and partition with policy.";
            return null;
        }

        if (target.Partition is not null && !IsPartition(target.Partition))
        {
            error = $"partition is '{target.Partition}'; it must be a partition from a response of this API.";
            return null;
        }

        error = "";
        return address is null ? target
            : addresses.TryRead(address, out _, out ClientAddress sender, out error) ? target with { Address = sender }
            : null;
    }

    public override string ToString() =>
        (Client is not null ? $"client {Client}" : Address is not null ? $"address {Address}" : $"partition {Partition}")
        + (Policy is null ? "" : $" policy {Policy}");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsPartition(string text) =>
        text.Length is > 1 and <= MaxPartitionLength
            && text[1] == ':'
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            && !text.AsSpan().ContainsAny('{', '}');
}
