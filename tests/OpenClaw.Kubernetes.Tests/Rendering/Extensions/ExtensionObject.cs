using k8s;
using k8s.Models;

namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>An object of a kind that an extension defines.</summary>
internal abstract class ExtensionObject<TSpec> : IKubernetesObject<V1ObjectMeta> where TSpec : class
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = null!;
}
