using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;

namespace OpenClaw.Notifier.Email;

/// <summary>Writes mails from templates.</summary>
internal sealed class MailComposer(MailTemplates templates, MailboxAddress from)
{
    private const int MaxSubject = 200;

    /// <summary>Writes the mail of an event.</summary>
    public MimeMessage Compose(MailboxAddress to, Delivery delivery, EdgeEvent happened)
    {
        bool toOperators = new Receiver(delivery.Channel, delivery.To, delivery.Job.Names).IsOperators;
        JsonObject members = happened.View(toOperators);
        string summary = "";
        summary = OneLine(Write(MailTemplates.Summary));
        MimeMessage mail = new()
        {
            Subject = Shorten(OneLine(Write(MailTemplates.Subject))),
            MessageId = $"{IdOf(delivery)}@{from.Domain}",
            Date = happened.Time,
            Body = new BodyBuilder { TextBody = Write(MailTemplates.Text), HtmlBody = Write(MailTemplates.Html) }.ToMessageBody(),
        };
        mail.From.Add(from);
        mail.To.Add(to);

        // RFC 3834: prevents out-of-office replies.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-OpenClaw-Event", happened.Type);
        return mail;

        string Write(string part) => templates.Write(part, happened.Type, members, toOperators, summary);
    }

    /// <summary>Parses exactly one address; line breaks and lists are refused.</summary>
    /// <returns>The address; null when the text is invalid.</returns>
    public static MailboxAddress? ReadAddress(string text) =>
        !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out MailboxAddress? address)
            && address.Address.Split('@') is [{ Length: > 0 }, { Length: > 0 }]
            ? address
            : null;

    // A repeated mail has the same id, so that mail programs show it once.
    private static string IdOf(Delivery delivery) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.To}\n{delivery.Id}")))[..32];

    private static string OneLine(string text) =>
        string.Join(' ', string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Shorten(string text) => text.Length <= MaxSubject ? text : text[..(MaxSubject - 1)] + "…";
}
