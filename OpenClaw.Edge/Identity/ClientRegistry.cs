using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace OpenClaw.Edge.Identity;

/// <summary>Finds known clients by id or by the hash of a key.</summary>
internal sealed class ClientRegistry
{
    public static readonly ClientRegistry Empty = new([], []);

    private readonly FrozenDictionary<string, Client> _byId;
    private readonly FrozenDictionary<UInt128, (byte[] Hash, Client Client)> _byHash;

    /// <param name="clients">Clients with distinct ids.</param>
    /// <param name="hashes">Distinct key hashes of <see cref="KeyHasher.HashLength"/> bytes.</param>
    public ClientRegistry(IEnumerable<Client> clients, IEnumerable<(byte[] Hash, Client Client)> hashes)
    {
        _byId = clients.ToFrozenDictionary(client => client.Id, StringComparer.OrdinalIgnoreCase);
        _byHash = hashes.ToFrozenDictionary(entry => Prefix(entry.Hash));
    }

    public IReadOnlyCollection<Client> All => _byId.Values;

    public Client? FindById(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The client that owns a key. The lookup uses half of a keyed hash, which an attacker can neither choose nor learn from
    /// timing. The whole hash is then compared in constant time.</summary>
    public Client? FindByHash(ReadOnlySpan<byte> hash) =>
        _byHash.TryGetValue(Prefix(hash), out (byte[] Hash, Client Client) entry)
            && CryptographicOperations.FixedTimeEquals(entry.Hash, hash)
            ? entry.Client
            : null;

    public static UInt128 Prefix(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt128LittleEndian(hash);
}
