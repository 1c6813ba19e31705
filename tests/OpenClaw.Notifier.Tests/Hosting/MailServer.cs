using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using OpenClaw.TestServers;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A real SMTP server on loopback.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "notifier";
    public const string Password = "correct horse battery staple";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private MailServer(int port, Action<EndpointDefinitionBuilder> endpoint, Func<IMailbox, SmtpResponse?> judge)
    {
        Port = port;
        SmtpServer.ComponentModel.ServiceProvider services = new();
        services.Add(new Store(this, judge));
        services.Add(new DelegatingUserAuthenticator((_, user, password) =>
        {
            Users.Enqueue(user);
            return user == User && password == Password;
        }));
        ISmtpServerOptions options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(builder => endpoint(builder.Endpoint(new IPEndPoint(IPAddress.Loopback, port))))
            .Build();
        SmtpServer.SmtpServer server = new(options, services);
        _running = server.StartAsync(_stop.Token);
    }

    public int Port { get; }

    public ConcurrentQueue<MimeMessage> Mails { get; } = new();

    /// <summary>Users that tried to authenticate.</summary>
    public ConcurrentQueue<string> Users { get; } = new();

    /// <summary>A server without encryption.</summary>
    /// <param name="judge">Answers the message to a receiver; null stores it.</param>
    public static MailServer Start(Func<IMailbox, SmtpResponse?>? judge = null) => new(LoopbackPort.Free(), _ => { }, judge ?? (_ => null));

    /// <summary>A server that demands encryption and a password.</summary>
    public static MailServer StartSecure(X509Certificate2 certificate, bool fromTheFirstByte) => new(
        LoopbackPort.Free(),
        endpoint => endpoint.Certificate(certificate).IsSecure(fromTheFirstByte).AuthenticationRequired(true).AllowUnsecureAuthentication(
            false),
        _ => null);

    /// <summary>Settings of a notifier that sends to it.</summary>
    public string[] Settings(string security) =>
        ["Email:Smtp:Host=127.0.0.1", $"Email:Smtp:Port={Port}", $"Email:Smtp:Security={security}",
            "Email:From=OpenClaw <noreply@openclaw.example>"];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // The requested response.
        }

        _stop.Dispose();
    }

    private sealed class Store(MailServer server, Func<IMailbox, SmtpResponse?> judge) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (judge(transaction.To[0]) is { } answer)
            {
                return answer;
            }

            using MemoryStream stream = new(buffer.ToArray());
            server.Mails.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
            return SmtpResponse.Ok;
        }
    }
}
