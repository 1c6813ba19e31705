using OpenClaw.Kubernetes.Tests.Rendering;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Something that every overlay must hold.</summary>
internal interface IManifestRule
{
    /// <summary>What breaks the rule, each naming the object; empty when it holds.</summary>
    IEnumerable<string> Violations(ManifestSet set);
}
