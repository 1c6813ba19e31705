using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenClaw.ServiceDefaults.Tests.Management;

/// <summary>A self-signed certificate for 127.0.0.1 and its key, in files.</summary>
internal sealed class PemFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public PemFiles() => Thumbprint = Replace();

    public string Certificate => Path.Combine(_folder.FullName, "tls.crt");

    public string Key => Path.Combine(_folder.FullName, "tls.key");

    /// <summary>Thumbprint of the first certificate.</summary>
    public string Thumbprint { get; }

    /// <summary>Writes another certificate.</summary>
    /// <returns>Its thumbprint.</returns>
    public string Replace()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=management", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
