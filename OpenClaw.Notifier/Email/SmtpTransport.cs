using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Email;

/// <summary>Hands mails over to an SMTP server.</summary>
internal sealed class SmtpTransport(SmtpOptions options, TimeProvider time) : IMailTransport
{
    private const int Permanent = 500;

    public async Task<DeliveryResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(options.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        // The default of HttpClient too: servers inside a company rarely publish revocations.
        using SmtpClient client = new() { CheckCertificateRevocation = false };
        try
        {
            await SendAsync(client, mail, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ResultOf(exception) is { } result)
        {
            return result;
        }

        // The server has accepted the mail. A failed QUIT does not matter.
        try
        {
            await client.DisconnectAsync(quit: true, either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ProtocolException)
        {
            return DeliveryResult.Delivered;
        }

        return DeliveryResult.Delivered;
    }

    private async Task SendAsync(SmtpClient client, MimeMessage mail, CancellationToken cancellationToken)
    {
        SecureSocketOptions security = options.Security switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };
        await client.ConnectAsync(options.Host!, options.Port, security, cancellationToken);
        if (options.User is { Length: > 0 } user)
        {
            await client.AuthenticateAsync(user, options.Password ?? "", cancellationToken);
        }

        await client.SendAsync(mail, cancellationToken);
    }

    // The server's reply is left out: it may repeat an address.
    private DeliveryResult? ResultOf(Exception exception) => exception switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } command when (int)command.StatusCode >= Permanent =>
            DeliveryResult.Refused($"the SMTP server refuses the receiver: {(int)command.StatusCode}"),
        SmtpCommandException command => DeliveryResult.Failed($"the SMTP server answered {(int)command.StatusCode}: {command.ErrorCode}"),
        OperationCanceledException or TimeoutException =>
            DeliveryResult.Failed($"no answer from the SMTP server within {options.Timeout.TotalSeconds:0.###} s"),
        MailKit.Security.AuthenticationException => DeliveryResult.Failed("the SMTP server refuses the user or the password"),
        SslHandshakeException => DeliveryResult.Failed("the SMTP server's certificate is not valid, or TLS failed"),
        NotSupportedException =>
            DeliveryResult.Failed("the SMTP server does not offer STARTTLS, or none of the supported ways to authenticate"),
        SocketException socket => DeliveryResult.Failed($"no connection to the SMTP server: {socket.SocketErrorCode}"),
        ProtocolException or IOException or ServiceNotConnectedException =>
            DeliveryResult.Failed("the connection to the SMTP server was lost"),
        _ => null,
    };
}
