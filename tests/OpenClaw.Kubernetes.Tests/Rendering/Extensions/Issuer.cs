namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>A source of certificates of cert-manager.</summary>
internal sealed class Issuer : ExtensionObject<Issuer.IssuerSpec>
{
    internal sealed class IssuerSpec
    {
        public Nothing? SelfSigned { get; set; }

        public Authority? Ca { get; set; }
    }

    internal sealed class Nothing;

    internal sealed class Authority
    {
        public string SecretName { get; set; } = "";
    }
}
