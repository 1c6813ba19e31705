using MimeKit;
using OpenClaw.Notifier.Email;

namespace OpenClaw.Notifier.Tests.Email;

public sealed class FolderTransportTests
{
    [Fact]
    public async Task Send_MoreThanTheFolderHolds_KeepsTheNewest()
    {
        string folder = Directory.CreateTempSubdirectory("openclaw-mails-").FullName;
        foreach (int i in Enumerable.Range(0, FolderTransport.MaxMails))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"20200101-000000-{i:0000}.eml"), "");
        }

        using MimeMessage mail = Mail("new");
        Assert.True((await new FolderTransport(folder).SendAsync(mail, default)).IsDelivered);

        string[] files = [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(FolderTransport.MaxMails, files.Length);
        Assert.Equal("20200101-000000-0001.eml", files[0]);
        Assert.EndsWith("-new.eml", files[^1], StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Send_FolderThatCannotBe_SaysWhich()
    {
        string file = Path.GetTempFileName();
        using MimeMessage mail = Mail("one");

        Assert.Equal(
            $"the mail cannot be written into {file}: IOException", (await new FolderTransport(file).SendAsync(mail, default)).Error);
        File.Delete(file);
    }

    private static MimeMessage Mail(string id)
    {
        MimeMessage mail = new()
        {
            MessageId = $"{id}@openclaw.example",
            Date = DateTimeOffset.UtcNow,
            Body = new TextPart("plain") { Text = "…" }
        };
        mail.From.Add(new MailboxAddress("", "a@openclaw.example"));
        mail.To.Add(new MailboxAddress("", "b@openclaw.example"));
        return mail;
    }
}
