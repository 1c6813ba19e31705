using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;
using SmtpServer.Mail;
using SmtpServer.Protocol;

namespace OpenClaw.Notifier.Tests.Email;

/// <summary>Mails from the event in Redis to a real SMTP server.</summary>
public sealed class EmailDeliveryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("StartTls", false)]
    [InlineData("Tls", true)]
    public async Task Mail_ServerWithTlsAndPassword_Arrives(string security, bool fromTheFirstByte)
    {
        Requires.RedisServer();
        string folder = Directory.CreateTempSubdirectory("openclaw-mails-").FullName;
        using X509Certificate2 certificate = CreateCertificate();
        string trusted = Path.Combine(folder, "ca.pem");
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using MailServer server = MailServer.StartSecure(certificate, fromTheFirstByte);
        using NotifierProcess notifier = await NotifierProcess.StartAsync(
            redis.ConnectionString,
            folder,
            new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted },
            [.. server.Settings(security), $"Email:Smtp:User={MailServer.User}", $"Email:Smtp:Password={MailServer.Password}"]);
        await notifier.StartedAsync();

        await log.AppendAsync(EventLog.Threshold("one", null, "Ops <ops@acme.example>"));
        Dictionary<string, string> receipt = Assert.Single(await log.WaitForAsync("deliveries", 1, seconds: 30));

        Assert.Equal(("delivered", "email"), (receipt["status"], receipt["channel"]));
        MimeMessage mail = Assert.Single(server.Mails);
        Assert.Equal("\"Ops\" <ops@acme.example>", mail.To.ToString());
        Assert.Equal("\"OpenClaw\" <noreply@openclaw.example>", mail.From.ToString());
        Assert.Equal([MailServer.User], server.Users);
        Assert.DoesNotContain(notifier.Output, line => line.Contains(MailServer.Password, StringComparison.Ordinal));
        notifier.Kill();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Mail_CertificateNotTrusted_IsNotSentAndNoPasswordEither()
    {
        Requires.RedisServer();
        using X509Certificate2 certificate = CreateCertificate();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using MailServer server = MailServer.StartSecure(certificate, fromTheFirstByte: false);
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis,
            [.. server.Settings("StartTls"), $"Email:Smtp:User={MailServer.User}", $"Email:Smtp:Password={MailServer.Password}",
                "Retry:MaxAttempts=2"]);

        await log.AppendAsync(EventLog.Threshold("one", null, "ops@acme.example"));

        Assert.Equal(
            "the SMTP server's certificate is not valid, or TLS failed", Assert.Single(await log.WaitForAsync("dead", 1))["error"]);
        Assert.Empty(server.Users);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Mail_ServerWithoutStartTls_IsNotSent()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using MailServer server = MailServer.Start();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, [.. server.Settings("StartTls"), "Retry:MaxAttempts=1"]);

        await log.AppendAsync(EventLog.Threshold("one", null, "ops@acme.example"));

        Assert.StartsWith(
            "the SMTP server does not offer STARTTLS", Assert.Single(await log.WaitForAsync("dead", 1))["error"], StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Mail_ServerFailsForAWhile_ArrivesOnceAtEveryReceiver()
    {
        Requires.RedisServer();
        int calls = 0;
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using MailServer server = MailServer.Start(to => to.User == "busy" && Interlocked.Increment(ref calls) < 3
            ? new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "try again later")
            : null);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, server.Settings("None"));

        await log.AppendAsync(EventLog.Threshold("one", null, "busy@acme.example", "idle@acme.example"));
        await Poll.UntilAsync("both have it", () => server.Mails.Count == 2, Limit);
        await log.WaitForAsync("deliveries", 3);

        Assert.Equal(
            ["busy@acme.example", "idle@acme.example"], server.Mails.Select(mail => mail.To.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, server.Mails.Select(mail => mail.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Mail_NoServerSet_IsAFileInTheFolderThatTheLogNames()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", null, "ops@acme.example"));
        await log.WaitForAsync("deliveries", 1);

        string file = Assert.Single(notifier.Mails);
        Assert.EndsWith(".eml", file, StringComparison.Ordinal);
        MimeMessage mail = await MimeMessage.LoadAsync(file);
        Assert.Equal("Client acme has used 80 % of its limit rating, bucket burst: 4 of 20 requests are left.", mail.Subject);
        Assert.Contains("Capacity: 20 requests", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<td>20 requests</td>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains(
            notifier.Logs.GetSnapshot(),
            record => record.Message.StartsWith(
                $"Mails are written into {Path.GetDirectoryName(file)} and not sent", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                    File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }
    }

    [Theory]
    [InlineData("ops@acme.example\r\nBcc: all@acme.example")]
    [InlineData("ops@acme.example, other@acme.example")]
    [InlineData("nobody")]
    [InlineData("@")]
    public async Task Address_NotOneAddress_IsADeadLetter(string address)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", null, address));

        Assert.Equal("the address must be one e-mail address", Assert.Single(await log.WaitForAsync("dead", 1))["error"]);
        Assert.Empty(notifier.Mails);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
