using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>A rule that every overlay must keep.</summary>
internal interface IManifestRule
{
    /// <summary>The violations of the rule, each with the name of the object; empty when the rule holds.</summary>
    IEnumerable<string> Violations(ManifestSet set);
}
