using MimeKit;
using OpenClaw.Notifier.Dispatching;

namespace OpenClaw.Notifier.Email;

/// <summary>Hands mails over for delivery.</summary>
internal interface IMailTransport
{
    /// <summary>Makes one attempt. Failures are results, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">The notifier is stopping.</exception>
    Task<DeliveryResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken);
}
