using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Notifier.Options;

/// <summary>E-mail.</summary>
internal sealed class EmailOptions
{
    /// <summary>Sender: an address, with or without a name. Default <c>OpenClaw &lt;openclaw@localhost&gt;</c>.</summary>
    public string From { get; set; } = "OpenClaw <openclaw@localhost>";

    /// <summary>Where mails are written as <c>.eml</c> files while no SMTP server is set. Default: <c>openclaw-mail</c> in the system's
    /// folder of temporary files.</summary>
    public string Folder { get; set; } = Path.Combine(Path.GetTempPath(), "openclaw-mail");

    /// <summary>Folder with Liquid templates that replace the shipped ones. Default null: none.</summary>
    public string? Templates { get; set; }

    /// <summary>Connections to the SMTP server at the same time, by each replica, 1 to 100. Default 4.</summary>
    [Range(1, 100)]
    public int MaxConnections { get; set; } = 4;

    public SmtpOptions Smtp { get; set; } = new();
}
