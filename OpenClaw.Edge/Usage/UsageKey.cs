namespace OpenClaw.Edge.Usage;

/// <summary>Key of counts in lists of top clients.</summary>
/// <param name="Policy">Name of the policy that decided.</param>
/// <param name="Subject">The sender.</param>
internal readonly record struct UsageKey(string Policy, UsageSubject Subject)
{
    public override int GetHashCode() =>
        HashCode.Combine(Policy.Length, Policy[0], Subject.Client is { } client ? client.GetHashCode() : Subject.Address.GetHashCode());
}
