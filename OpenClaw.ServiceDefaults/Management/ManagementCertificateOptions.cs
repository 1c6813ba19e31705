namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Certificate of the management listener. Its files are read again when they have changed.</summary>
public sealed class ManagementCertificateOptions
{
    /// <summary>PEM file with the certificate, followed by intermediate ones if there are any. Empty (default): no TLS.</summary>
    public string Path { get; set; } = "";

    /// <summary>PEM file with the certificate's private key, not encrypted. Empty (default): the key is in <see cref="Path"/>.</summary>
    public string KeyPath { get; set; } = "";
}
