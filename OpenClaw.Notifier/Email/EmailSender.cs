using MimeKit;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;

namespace OpenClaw.Notifier.Email;

/// <summary>Delivers by e-mail.</summary>
internal sealed class EmailSender(MailComposer composer, IMailTransport transport, EmailOptions options) : ISender
{
    public string Channel => Receivers.Channel.Email;

    public int MaxReceivers => options.MaxConnections;

    public int MaxPerReceiver => 1;

    public async Task<DeliveryResult> SendAsync(Delivery delivery, EdgeEvent happened, CancellationToken cancellationToken)
    {
        if (MailComposer.ReadAddress(delivery.To) is not { } to)
        {
            return DeliveryResult.Refused("the address must be one e-mail address");
        }

        using MimeMessage mail = composer.Compose(to, delivery, happened);
        return await transport.SendAsync(mail, cancellationToken);
    }
}
