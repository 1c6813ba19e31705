using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Admin;

/// <summary>Selects buckets: exactly one of client, address and partition, in one policy or in all.</summary>
/// <param name="Client">Id of a known client.</param>
/// <param name="Address">An IP address.</param>
/// <param name="Partition">Name of a partition from another response of this API; requires <paramref name="Policy"/>.</param>
/// <param name="Policy">Name of a policy; null for all that apply.</param>
internal sealed record BucketTarget(string? Client = null, string? Address = null, string? Partition = null, string? Policy = null)
{
    private const int MaxPartitionLength = 128;

    /// <summary>Why the target is invalid; null when it is valid.</summary>
    public string? Error =>
        new[] { Client, Address, Partition }.Count(subject => !string.IsNullOrEmpty(subject)) != 1
            || (Partition is not null && Policy is null)
            ? "Name exactly one of client, address, and partition with policy."
        : Address is { Length: > 0 } && !AddressText.TryParse(Address, out _) ? $"address is '{Address}'; it must be an IP address."
        : Partition is { Length: > 0 } && !IsPartition(Partition)
            ? $"partition is '{Partition}'; it must be a partition from a response of this API."
        : null;

    public override string ToString() =>
        (Client is not null ? $"client {Client}" : Address is not null ? $"address {Address}" : $"partition {Partition}")
        + (Policy is null ? "" : $" policy {Policy}");

    private static bool IsPartition(string text) =>
        text.Length is > 1 and <= MaxPartitionLength
            && text[1] == ':'
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            && !text.AsSpan().ContainsAny('{', '}');
}
