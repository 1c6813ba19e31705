using System.Net.Security;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.ServiceDefaults.Management;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests.Management;

public sealed class ManagementCertificateTests : IDisposable
{
    private readonly PemFiles _files = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _logger = new();

    [Fact]
    public void Current_FilesReplaced_IsTheNewOneAfterTheInterval()
    {
        ManagementCertificate certificate = Create();
        string replaced = _files.Replace();

        string before = Thumbprint(certificate.Current);
        _time.Advance(ManagementCertificate.Interval);

        Assert.Equal((_files.Thumbprint, replaced), (before, Thumbprint(certificate.Current)));
        Assert.Equal($"The management listener uses a new certificate from {_files.Certificate}.", _logger.LatestRecord.Message);
    }

    [Fact]
    public void Current_FilesBroken_StaysAndIsLoggedOnce()
    {
        ManagementCertificate certificate = Create();
        File.WriteAllText(_files.Certificate, "half a cert");

        for (int i = 0; i < 3; i++)
        {
            _time.Advance(ManagementCertificate.Interval);
            Assert.Equal(_files.Thumbprint, Thumbprint(certificate.Current));
        }

        Assert.StartsWith(
            "The changed certificate of the management listener is refused; the last valid one stays in use. "
                + "OpenClaw:Management:Certificate:Path is ",
            Assert.Single(_logger.Collector.GetSnapshot()).Message);
    }

    public void Dispose() => _files.Dispose();

    private ManagementCertificate Create() => new(new() { Path = _files.Certificate, KeyPath = _files.Key }, _time, _logger);

    private static string Thumbprint(SslServerAuthenticationOptions options) =>
        options.ServerCertificateContext!.TargetCertificate.Thumbprint;
}
