namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>A certificate that cert-manager keeps in a Secret.</summary>
internal sealed class Certificate : ExtensionObject<Certificate.CertificateSpec>
{
    internal sealed class CertificateSpec
    {
        public string SecretName { get; set; } = "";

        public bool IsCA { get; set; }

        public string? CommonName { get; set; }

        public List<string> DnsNames { get; set; } = [];

        public string? Duration { get; set; }

        public string? RenewBefore { get; set; }

        public Key? PrivateKey { get; set; }

        public List<string> Usages { get; set; } = [];

        public Source IssuerRef { get; set; } = new();
    }

    internal sealed class Key
    {
        public string? Algorithm { get; set; }

        public int Size { get; set; }

        public string? RotationPolicy { get; set; }
    }

    internal sealed class Source
    {
        public string? Kind { get; set; }

        public string Name { get; set; } = "";
    }
}
