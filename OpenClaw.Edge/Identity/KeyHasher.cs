using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Edge.Identity;

/// <summary>Hashes API keys with HMAC-SHA-256 under the pepper. Keys are stored, compared and named in this form only.</summary>
internal sealed class KeyHasher(string pepper)
{
    public const int HashLength = HMACSHA256.HashSizeInBytes;

    // Characters hashed at a time, so that a key of any length needs the same memory.
    private const int ChunkLength = 1024;

    // One per thread: creating an HMAC costs more than computing it.
    private readonly ThreadLocal<IncrementalHash> _hmac = new(
        () => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(pepper)));

    /// <summary>Whether a text can be a key: at least one character, visible ASCII only. The limit on request headers bounds its
    /// length.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> key) => key.Length > 0 && !key.ContainsAnyExceptInRange('!', '~');

    /// <summary>Hashes a well-formed key.</summary>
    public void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        IncrementalHash hmac = _hmac.Value!;
        Span<byte> bytes = stackalloc byte[ChunkLength];
        for (; key.Length > 0; key = key[Math.Min(ChunkLength, key.Length)..])
        {
            int length = Encoding.ASCII.GetBytes(key[..Math.Min(ChunkLength, key.Length)], bytes);
            hmac.AppendData(bytes[..length]);
        }

        hmac.GetHashAndReset(hash);
    }

    /// <summary>A partition name for a secret text of any length and content. Safe in a Redis key. The text cannot be recovered without the
    /// pepper.</summary>
    public string Pseudonym(string prefix, ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        int size = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        Span<byte> bytes = size <= 1024 ? stackalloc byte[1024] : rented = System.Buffers.ArrayPool<byte>.Shared.Rent(size);
        int length = Encoding.UTF8.GetBytes(text, bytes);
        Hash(bytes[..length], hash);
        if (rented is not null)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }

        return PseudonymOf(prefix, hash);
    }

    /// <summary>The first 128 bits of a hash as a partition name.</summary>
    public static string PseudonymOf(string prefix, ReadOnlySpan<byte> hash) => prefix + Convert.ToHexStringLower(hash[..16]);

    private void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        IncrementalHash hmac = _hmac.Value!;
        hmac.AppendData(bytes);
        hmac.GetHashAndReset(hash);
    }
}
