using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Receivers;

/// <summary>Finds the receivers of an event: the client's contacts in the event, and the operators in the settings.</summary>
internal sealed class ReceiverFinder(IOptions<NotifierOptions> options)
{
    private readonly ClientOptions _clients = options.Value.Clients;
    private readonly Dictionary<string, OperatorOptions> _operators = options.Value.Operators;

    /// <summary>Finds all receivers of an event, each address once.</summary>
    public IReadOnlyList<Receiver> Find(EdgeEvent happened) => [.. Contacts(happened, happened.Type)
        .GroupBy(contact => (contact.Channel, contact.To))
        .Select(group => new Receiver(group.Key.Channel, group.Key.To, [.. group.Select(contact => contact.Name).Distinct()]))];

    /// <summary>Finds the receiver at one address, for a repeated delivery. If contacts or settings have changed and the address is no
    /// longer a receiver, it has no names.</summary>
    public Receiver FindOne(EdgeEvent happened, string channel, string to) => new(channel, to, [.. Contacts(happened, type: null)
        .Where(contact => contact.Channel == channel && contact.To == to)
        .Select(contact => contact.Name).Distinct()]);

    private IEnumerable<(string Channel, string To, string Name)> Contacts(EdgeEvent happened, string? type)
    {
        if (_clients.Enabled && happened.Client is { } client && Includes(_clients.Types, type))
        {
            foreach (var contact in At(happened.Emails, happened.Webhook, Receiver.ClientPrefix + client))
            {
                yield return contact;
            }
        }

        foreach ((string name, OperatorOptions contacts) in _operators)
        {
            if (Includes(contacts.Types, type))
            {
                foreach (var contact in At(contacts.Emails, contacts.Webhook, Receiver.OperatorPrefix + name))
                {
                    yield return contact;
                }
            }
        }
    }

    private static IEnumerable<(string Channel, string To, string Name)> At(IEnumerable<string> emails, string? webhook, string name)
    {
        foreach (string email in emails)
        {
            yield return (Channel.Email, email, name);
        }

        if (!string.IsNullOrEmpty(webhook))
        {
            yield return (Channel.Webhook, webhook, name);
        }
    }

    private static bool Includes(List<string> types, string? type) =>
        types.Count == 0 || type is null || types.Contains(type, StringComparer.OrdinalIgnoreCase);
}
