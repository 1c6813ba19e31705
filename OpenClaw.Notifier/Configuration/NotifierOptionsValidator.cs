using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Email;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Webhooks;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Notifier.Configuration;

/// <summary>Validates names, types and ranges of all settings, and the templates. Reports all errors at once.</summary>
internal sealed class NotifierOptionsValidator(IConfiguration configuration) : IValidateOptions<NotifierOptions>
{
    private const string Root = NotifierOptions.Section;
    private const int MaxEmails = 20;
    private const int MaxKeys = 5;

    public ValidateOptionsResult Validate(string? name, NotifierOptions options)
    {
        List<string> errors = [];
        StrictSettings.Read<NotifierOptions>(configuration, Root, errors);
        if (RedisConnectionText.FindError(configuration) is { } error)
        {
            errors.Add(error);
        }

        CheckNames(options, errors);
        RangeErrors.Find(options, Root, errors);
        CheckQueue(options.Queue, errors);
        CheckTypes(options.Clients.Types, $"{Root}:Clients:Types", errors);
        CheckOperators(options, errors);
        CheckWebhooks(options.Webhooks, errors);
        CheckEmail(options.Email, errors);
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void CheckNames(NotifierOptions options, List<string> errors)
    {
        if (options.Name.Length is 0 or > 128 || options.Name.Any(character => character is <= ' ' or >= '\x7f'))
        {
            errors.Add($"{Root}:Name is '{SettingText.Shown(options.Name)}'; it must be 1 to 128 visible ASCII characters.");
        }

        if (options.Source.Length is 0 or > 256 || !Uri.IsWellFormedUriString(options.Source, UriKind.RelativeOrAbsolute))
        {
            errors.Add($"{Root}:Source is '{SettingText.Shown(options.Source)}'; it must be a URI or a path, such as /openclaw.");
        }

        if (options.KeyPrefix.Length is 0 or > 32
            || options.KeyPrefix.Any(character => character is '{' or '}' || char.IsWhiteSpace(character)))
        {
            errors.Add($"{Root}:KeyPrefix is '{SettingText.Shown(options.KeyPrefix)}'; it must have 1 to 32 characters, without braces "
                + "and white space.");
        }
    }

    private static void CheckQueue(QueueOptions options, List<string> errors)
    {
        if (options.MaxPerReceiver > options.MaxPending)
        {
            errors.Add($"{Root}:Queue:MaxPerReceiver is {options.MaxPerReceiver}; it must be at most {Root}:Queue:MaxPending, which is "
                + $"{options.MaxPending}, and much less if no receiver is to delay others.");
        }
    }

    private static void CheckOperators(NotifierOptions options, List<string> errors)
    {
        foreach ((string name, OperatorOptions contacts) in options.Operators)
        {
            string path = $"{Root}:Operators:{SettingText.Shown(name)}";
            if (!ReceiverName.IsValid(name))
            {
                errors.Add($"{path} has no valid name; it must be {ReceiverName.Expected}.");
            }

            if (contacts.Emails.Count == 0 && string.IsNullOrEmpty(contacts.Webhook))
            {
                errors.Add($"{path} has neither Emails nor a Webhook; it must have one of them.");
            }

            if (contacts.Emails.Count > MaxEmails)
            {
                errors.Add($"{path}:Emails has {contacts.Emails.Count} addresses; it may have {MaxEmails}.");
            }

            for (int i = 0; i < contacts.Emails.Count; i++)
            {
                if (MailComposer.ReadAddress(contacts.Emails[i]) is null)
                {
                    errors.Add($"{path}:Emails:{i} is '{SettingText.Shown(contacts.Emails[i])}'; it must be one e-mail address.");
                }
            }

            // Its path may be a secret.
            if (!string.IsNullOrEmpty(contacts.Webhook)
                && WebhookUrl.TryRead(contacts.Webhook, options.Webhooks.AllowHttp, out string? error) is null)
            {
                errors.Add($"{path}:Webhook {error}.");
            }

            if (!string.IsNullOrEmpty(contacts.Webhook) && options.Webhooks.SigningKeys.Count == 0)
            {
                errors.Add($"{Root}:Webhooks:SigningKeys is missing; {path}:Webhook needs one.");
            }

            CheckTypes(contacts.Types, $"{path}:Types", errors);
        }
    }

    private static void CheckWebhooks(WebhookOptions options, List<string> errors)
    {
        if (options.SigningKeys.Count > MaxKeys)
        {
            errors.Add($"{Root}:Webhooks:SigningKeys has {options.SigningKeys.Count} keys; it may have {MaxKeys}.");
        }

        for (int i = 0; i < options.SigningKeys.Count; i++)
        {
            if (options.SigningKeys[i].Length < WebhookOptions.MinKeyLength)
            {
                errors.Add($"{Root}:Webhooks:SigningKeys:{i} has {options.SigningKeys[i].Length} characters; "
                    + $"it must have at least {WebhookOptions.MinKeyLength}.");
            }
        }

        for (int i = 0; i < options.AllowedNetworks.Count; i++)
        {
            if (NetworkText.Parse(options.AllowedNetworks[i]) is null)
            {
                errors.Add($"{Root}:Webhooks:AllowedNetworks:{i} is '{SettingText.Shown(options.AllowedNetworks[i])}'; "
                    + "it must be a network such as 10.1.0.0/16, or an address.");
            }
        }
    }

    private static void CheckEmail(EmailOptions options, List<string> errors)
    {
        if (MailComposer.ReadAddress(options.From) is null)
        {
            errors.Add(
                $"{Root}:Email:From is '{SettingText.Shown(options.From)}'; it must be an address such as "
                + "OpenClaw <openclaw@example.com>.");
        }

        if (string.IsNullOrEmpty(options.Smtp.Host) && string.IsNullOrWhiteSpace(options.Folder))
        {
            errors.Add($"{Root}:Email:Folder is empty; without {Root}:Email:Smtp:Host it must be a folder.");
        }

        if (options.Smtp is { Security: SmtpSecurity.None, User.Length: > 0 })
        {
            errors.Add(
                $"{Root}:Email:Smtp:User needs {Root}:Email:Smtp:Security to be StartTls or Tls: a password is never sent in the clear.");
        }

        if (!string.IsNullOrEmpty(options.Smtp.Password) && string.IsNullOrEmpty(options.Smtp.User))
        {
            errors.Add($"{Root}:Email:Smtp:User is missing; {Root}:Email:Smtp:Password needs it.");
        }

        if (string.IsNullOrEmpty(options.Templates))
        {
            return;
        }

        if (!Directory.Exists(options.Templates))
        {
            errors.Add($"{Root}:Email:Templates is '{options.Templates}'; it must be an existing folder.");
            return;
        }

        _ = new MailTemplates(options.Templates, errors);
        errors.AddRange(MailTemplates.FindUnused(options.Templates).Select(file =>
            $"{file} is not a template name; it must be <type>/<part>.liquid, where the type is default or that of an event, "
            + "and the part summary, subject, text or html."));
    }

    private static void CheckTypes(List<string> types, string path, List<string> errors)
    {
        for (int i = 0; i < types.Count; i++)
        {
            if (!EventTypes.All.Contains(types[i], StringComparer.OrdinalIgnoreCase))
            {
                errors.Add($"{path}:{i} is '{SettingText.Shown(types[i])}'; it must be one of {string.Join(", ", EventTypes.All)}.");
            }
        }
    }
}
