namespace OpenClaw.Notifier.Options;

/// <summary>Encryption of the connection to an SMTP server.</summary>
internal enum SmtpSecurity
{
    /// <summary>STARTTLS, and no mail where the server does not offer it.</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>No encryption, and no password.</summary>
    None,
}
