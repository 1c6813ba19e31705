using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>The SMTP server.</summary>
internal sealed class SmtpOptions
{
    /// <summary>Host name or address. Default null: mails are written to a folder.</summary>
    public string? Host { get; set; }

    /// <summary>Port, 1 to 65535. Default 587.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is encrypted. Default <see cref="SmtpSecurity.StartTls"/>.</summary>
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>User to authenticate as. Default null: none.</summary>
    public string? User { get; set; }

    /// <summary>The user's password.</summary>
    public string? Password { get; set; }

    /// <summary>Time for one mail, connecting included, 100 ms to 5 min. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
