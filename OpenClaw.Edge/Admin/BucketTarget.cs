namespace OpenClaw.Edge.Admin;

/// <summary>Whose buckets an operator means: exactly one of client, address and partition, and all policies or one.</summary>
/// <param name="Client">Id of a known client.</param>
/// <param name="Address">An IP address.</param>
/// <param name="Partition">A partition as another answer of this API names it; needs <paramref name="Policy"/>.</param>
/// <param name="Policy">Name of a policy; without it all that apply.</param>
internal sealed record BucketTarget(string? Client = null, string? Address = null, string? Partition = null, string? Policy = null)
{
    public override string ToString() =>
        (Client is not null ? $"client {Client}" : Address is not null ? $"address {Address}" : $"partition {Partition}")
        + (Policy is null ? "" : $" policy {Policy}");
}
