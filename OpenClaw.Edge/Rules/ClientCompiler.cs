using System.Buffers;
using System.Collections.Frozen;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds the client registry from settings.</summary>
internal sealed class ClientCompiler(
    IReadOnlyDictionary<string, ClientOptions> clients, FrozenDictionary<string, Tier> tiers, bool hasPepper, List<string> errors)
{
    // Built once: sorting a thousand tiers for each of 100,000 clients would take minutes.
    private string? _tierNames;

    public ClientRegistry Compile()
    {
        List<Client> known = [];
        Dictionary<UInt128, (byte[] Hash, Client Client)> hashes = [];
        foreach ((string id, ClientOptions options) in clients.TakeWhile(_ => errors.Count < StrictSettings.MaxErrors))
        {
            string path = $"{EdgeOptions.Section}:Clients:{id}";
            if (!SettingNames.IsValid(id))
            {
                errors.Add($"{path}: a client's id has {SettingNames.Expected}.");
            }

            Tier? tier = null;
            if (options.Tier.Length > 0 && !tiers.TryGetValue(options.Tier, out tier))
            {
                errors.Add($"{path}:Tier is '{options.Tier}'; the tiers are: {_tierNames ??= SettingNames.List(tiers.Keys)}.");
            }

            Client client = new(
                id.ToLowerInvariant(), tier, options.Enabled, ContactCompiler.Compile(options.Contacts, $"{path}:Contacts", errors));
            known.Add(client);
            AddHashes(client, options.KeyHashes, path, hashes);
        }

        if (hashes.Count > 0 && !hasPepper)
        {
            errors.Add($"{EdgeOptions.Section}:ApiKeys:Pepper is missing, or was when the edge started; the clients' key hashes are made "
                + "with it.");
        }

        return errors.Count > 0 ? ClientRegistry.Empty : new ClientRegistry(known, hashes.Values);
    }

    private void AddHashes(Client client, List<string> texts, string path, Dictionary<UInt128, (byte[] Hash, Client Client)> hashes)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            byte[] hash = new byte[KeyHasher.HashLength];
            if (texts[i].Length != 2 * KeyHasher.HashLength
                || Convert.FromHexString(texts[i], hash, out _, out _) != OperationStatus.Done)
            {
                errors.Add(
                    $"{path}:KeyHashes:{i} must have {2 * KeyHasher.HashLength} hexadecimal digits; 'OpenClaw.Edge hash-key' makes them.");
            }
            else if (!hashes.TryAdd(ClientRegistry.Prefix(hash), (hash, client)))
            {
                errors.Add($"{path}:KeyHashes:{i} also belongs to another entry; a key has one owner.");
            }
        }
    }
}
