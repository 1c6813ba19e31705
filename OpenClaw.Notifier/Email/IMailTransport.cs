using MimeKit;
using OpenClaw.Notifier.Dispatching;

namespace OpenClaw.Notifier.Email;

/// <summary>Hands mails over for delivery.</summary>
internal interface IMailTransport
{
    /// <summary>Tries once. Failures are results, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The notifier stops.</exception>
    Task<DeliveryResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken);
}
