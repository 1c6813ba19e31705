using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Email;

/// <summary>Registers e-mail: by SMTP if a server is set, otherwise into a folder.</summary>
internal static partial class EmailRegistration
{
    public static void AddEmail(this IServiceCollection services)
    {
        services.AddSingleton<IMailTransport>(provider => CreateTransport(
            OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<EmailSender>>()));
        services.AddSingleton<ISender>(provider => new EmailSender(
            new MailComposer(new MailTemplates(OptionsOf(provider).Templates, []), MailComposer.ReadAddress(OptionsOf(provider).From)!),
            provider.GetRequiredService<IMailTransport>(),
            OptionsOf(provider)));
    }

    private static IMailTransport CreateTransport(EmailOptions options, TimeProvider time, ILogger logger)
    {
        if (!string.IsNullOrEmpty(options.Smtp.Host))
        {
            LogServer(logger, options.Smtp.Host, options.Smtp.Port, options.Smtp.Security);
            return new SmtpTransport(options.Smtp, time);
        }

        FolderTransport transport = new(options.Folder);
        LogFolder(logger, transport.Folder);
        return transport;
    }

    private static EmailOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<NotifierOptions>>().Value.Email;

    [LoggerMessage(1, LogLevel.Information, "Mails are sent to {Host}:{Port} ({Security}).")]
    private static partial void LogServer(ILogger logger, string host, int port, SmtpSecurity security);

    [LoggerMessage(2, LogLevel.Warning,
        "Mails are written into {Folder} and not sent, because OpenClaw:Notifier:Email:Smtp:Host is not set.")]
    private static partial void LogFolder(ILogger logger, string folder);
}
