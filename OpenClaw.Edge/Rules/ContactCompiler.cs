using System.Net.Mail;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds a client's contacts from settings.</summary>
internal static class ContactCompiler
{
    /// <summary>Longest e-mail address, in characters (RFC 5321).</summary>
    public const int MaxEmailLength = 254;

    /// <summary>Longest URL, in characters.</summary>
    public const int MaxWebhookLength = 500;

    /// <summary>The contacts; null when there are none. The notifier checks whether a webhook's address is allowed.</summary>
    public static Contacts? Compile(ContactOptions options, string path, List<string> errors)
    {
        for (int i = 0; i < options.Emails.Count; i++)
        {
            if (!IsEmail(options.Emails[i]))
            {
                errors.Add($"{path}:Emails:{i} is '{SettingText.Shown(options.Emails[i])}'; it must be an e-mail address such as "
                    + $"ops@example.com, with at most {MaxEmailLength} characters.");
            }
        }

        if (options.Webhook.Length > 0 && !IsWebhook(options.Webhook))
        {
            errors.Add($"{path}:Webhook is '{SettingText.Shown(options.Webhook)}'; it must be a URL such as https://example.com/hook, "
                + $"without user and fragment, with at most {MaxWebhookLength} characters.");
        }

        return options is { Emails.Count: 0, Webhook.Length: 0 }
            ? null
            : new Contacts(options.Emails.Count == 0 ? null : options.Emails, options.Webhook.Length == 0 ? null : options.Webhook);
    }

    private static bool IsEmail(string text) =>
        text.Length <= MaxEmailLength
        && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && MailAddress.TryCreate(text, out MailAddress? address)
        && address.Address == text;

    private static bool IsWebhook(string text) =>
        text.Length <= MaxWebhookLength
        && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { UserInfo.Length: 0, Fragment.Length: 0, Host.Length: > 0 };
}
