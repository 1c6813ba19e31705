using System.Net;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Settings of the management listener. Configuration section <see cref="Section"/>. Read at start.</summary>
public sealed class ManagementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "OpenClaw:Management";

    /// <summary>IP address to listen on. Default <c>127.0.0.1</c>; <c>0.0.0.0</c> for all of IPv4, <c>::</c> for all.</summary>
    public string Address { get; set; } = $"{IPAddress.Loopback}";

    /// <summary>Port to listen on, 0 to 65535; 0 takes any free one, which the log names. Default 9090.</summary>
    public int Port { get; set; } = 9090;

    /// <summary>Whether an address that other machines reach may be served without TLS. Default false: such an address without a
    /// certificate is an error at start.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>Certificate for TLS.</summary>
    public ManagementCertificateOptions Certificate { get; set; } = new();
}
