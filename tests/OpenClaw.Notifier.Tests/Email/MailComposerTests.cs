using System.Text.Json;
using MimeKit;
using OpenClaw.Notifier.Email;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Tests.Hosting;

namespace OpenClaw.Notifier.Tests.Email;

public sealed class MailComposerTests
{
    private const string Evil = "x\r\nBcc: all@acme.example\r\n\r\n<script>alert(1)</script> & \"more\"";

    [Fact]
    public void Compose_MembersWithMarkupAndLineBreaks_AreEscapedAndStayInTheirHeader()
    {
        using MimeMessage mail = Compose(With(("client", Evil), ("reason", Evil), ("policy", Evil)), "operator/team");
        using MemoryStream stream = new();
        mail.WriteTo(stream);
        stream.Position = 0;
        using MimeMessage read = MimeMessage.Load(stream);

        Assert.Empty(read.Bcc);
        Assert.Equal("ops@acme.example", read.To.ToString());
        Assert.Equal(
            ["Auto-Submitted", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To", "X-OpenClaw-Event"],
            read.Headers.Select(header => header.Field).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(read.Subject!, character => char.IsControl(character));
        Assert.DoesNotContain("<script>", read.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;", read.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("<script>alert(1)</script> & \"more\"", read.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_Client_IsNotToldWhoAndWhy()
    {
        using MimeMessage toClient = Compose(With(("operator", "alice"), ("reason", "abuse"), ("replica", "edge-7")), "client/acme");
        using MimeMessage toOperators = Compose(With(("operator", "alice"), ("reason", "abuse"), ("replica", "edge-7")), "operator/team");

        Assert.All(
            (string[])["alice", "abuse", "edge-7"],
            word =>
            {
                Assert.DoesNotContain(word, toClient.TextBody + toClient.HtmlBody, StringComparison.Ordinal);
                Assert.Contains(word, toOperators.TextBody, StringComparison.Ordinal);
                Assert.Contains(word, toOperators.HtmlBody, StringComparison.Ordinal);
            });
    }

    [Theory]
    [InlineData(
        "client.threshold", "threshold", 80, "Client acme has used 80 % of its limit rating, bucket burst: 4 of 20 requests are left.")]
    [InlineData(
        "client.threshold", "threshold", 100, "Client acme has used up its limit rating, bucket burst: further requests are refused.")]
    [InlineData("client.denied", "denials", 100, "Client acme was refused 100 requests within 3600 seconds, limit rating, bucket burst.")]
    [InlineData("client.blocked", "seconds", 600, "Client acme is blocked for 600 seconds: its requests are refused.")]
    [InlineData("client.unblocked", "x", 1, "Client acme is no longer blocked.")]
    [InlineData("client.granted", "tokens", 50, "Client acme was granted 50 more requests, limit rating, bucket burst.")]
    [InlineData("client.reset", "x", 1, "Client acme: its limits were reset, and all its requests are available again.")]
    [InlineData("rules.changed", "version", 12, "The rules have changed to version 12.")]
    [InlineData("rules.changed", "x", 1, "The rules have changed in the configuration of the edge.")]
    [InlineData("store.lost", "x", 1, "The edge cannot reach Redis, and decides by the failure modes of its policies.")]
    [InlineData("store.restored", "x", 1, "The edge reaches Redis again.")]
    [InlineData("client.invented", "x", 1, "client.invented")]
    public void Subject_OfEachType_IsOneSentence(string type, string member, int value, string subject)
    {
        using MimeMessage mail = Compose(With(("type", type), (member, value)), "client/acme");

        Assert.Equal(subject, mail.Subject);
        Assert.StartsWith(subject, mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Subject_OfEveryPolicy_NamesNoLimit()
    {
        Dictionary<string, object?> granted = With(("type", "client.granted"), ("tokens", 50));
        granted.Remove("policy");
        granted.Remove("bucket");

        using MimeMessage mail = Compose(granted, "client/acme");

        Assert.Equal("Client acme was granted 50 more requests.", mail.Subject);
    }

    [Fact]
    public void Compose_SameDeliveryTwice_HasTheSameMessageId()
    {
        using MimeMessage one = Compose(EventLog.Threshold("one"), "client/acme");
        using MimeMessage again = Compose(EventLog.Threshold("one"), "client/acme");
        using MimeMessage other = Compose(EventLog.Threshold("other"), "client/acme");

        Assert.Equal(one.MessageId, again.MessageId);
        Assert.NotEqual(one.MessageId, other.MessageId);
    }

    [Fact]
    public void Templates_OfOperators_TakeThePlaceOfTheShippedOnes()
    {
        string folder = Directory.CreateTempSubdirectory("openclaw-templates-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "client.threshold"));
        Directory.CreateDirectory(Path.Combine(folder, "default"));
        File.WriteAllText(
            Path.Combine(folder, "client.threshold", "subject.liquid"), "{{ event.client | upcase }}: {{ event.threshold }} %");
        File.WriteAllText(Path.Combine(folder, "default", "html.liquid"), "<b>{{ summary }}</b>");

        using MimeMessage mail = Compose(EventLog.Threshold("one"), "client/acme", folder);
        using MimeMessage other = Compose(With(("type", "store.lost")), "client/acme", folder);

        Assert.Equal("ACME: 80 %", mail.Subject);
        Assert.StartsWith("<b>Client acme has used 80 %", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("The edge cannot reach Redis, and decides by the failure modes of its policies.", other.Subject);
        Directory.Delete(folder, recursive: true);
    }

    private static Dictionary<string, object?> With(params (string Name, object Value)[] members)
    {
        Dictionary<string, object?> happened = EventLog.Threshold("one");
        foreach ((string name, object value) in members)
        {
            happened[name] = value;
        }

        return happened;
    }

    private static MimeMessage Compose(Dictionary<string, object?> happened, string name, string? folder = null)
    {
        List<string> errors = [];
        MailComposer composer = new(new MailTemplates(folder, errors), new MailboxAddress("OpenClaw", "noreply@openclaw.example"));
        Assert.Empty(errors);
        string json = JsonSerializer.Serialize(happened);
        EdgeEvent read = EdgeEvent.TryRead((string)happened["id"]!, json, out string? error) ?? throw new InvalidOperationException(error);
        Delivery delivery = new(Channel.Email, "ops@acme.example", read.Id, 1, new Job([name], json, false));
        return composer.Compose(MailComposer.ReadAddress(delivery.To)!, delivery, read);
    }
}
