using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Limits on the number of entries in rules, which bound their memory.</summary>
internal static class RulesLimits
{
    public const int Policies = 1_000;

    /// <summary>Costs by method, and costs by route, of one policy.</summary>
    public const int Costs = 1_000;

    public const int Tiers = 1_000;

    /// <summary>Overrides of policies in all tiers together.</summary>
    public const int Overrides = 10_000;

    public const int Clients = 100_000;

    /// <summary>Keys of one client.</summary>
    public const int Keys = 100;

    /// <summary>E-mail addresses of one client.</summary>
    public const int Emails = 10;

    /// <summary>Networks of one access list, and clients of one access list.</summary>
    public const int Listed = 50_000;

    /// <summary>Adds one error for each limit exceeded.</summary>
    public static void Check(RulesOptions options, List<string> errors)
    {
        Check(options.Policies.Count, Policies, "Policies", errors);
        Check(options.Tiers.Count, Tiers, "Tiers", errors);
        Check(options.Tiers.Values.Sum(tier => tier.Count), Overrides, "Tiers", errors, "overrides of policies, of all tiers together");
        Check(options.Clients.Count, Clients, "Clients", errors);
        Check(options.Allow.Networks.Count, Listed, "Allow:Networks", errors);
        Check(options.Allow.Clients.Count, Listed, "Allow:Clients", errors);
        Check(options.Deny.Networks.Count, Listed, "Deny:Networks", errors);
        Check(options.Deny.Clients.Count, Listed, "Deny:Clients", errors);
        foreach ((string name, PolicyOptions policy) in options.Policies.Take(Policies))
        {
            Check(policy.Cost.Methods.Count, Costs, $"Policies:{name}:Cost:Methods", errors);
            Check(policy.Cost.Routes.Count, Costs, $"Policies:{name}:Cost:Routes", errors);
        }

        foreach ((string id, ClientOptions client) in options.Clients.Take(Clients))
        {
            Check(client.KeyHashes.Count, Keys, $"Clients:{id}:KeyHashes", errors);
            Check(client.Contacts.Emails.Count, Emails, $"Clients:{id}:Contacts:Emails", errors);
        }
    }

    private static void Check(int count, int most, string name, List<string> errors, string what = "entries")
    {
        if (count > most && errors.Count < StrictSettings.MaxErrors)
        {
            errors.Add($"{EdgeOptions.Section}:{name} has {count} {what}; there may be {most}.");
        }
    }
}
