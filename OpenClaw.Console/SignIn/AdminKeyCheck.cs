using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.SignIn;

/// <summary>Compares a key with the admin key. Compares hashes in constant time, so that timing reveals neither content nor
/// length.</summary>
internal sealed class AdminKeyCheck(IOptions<ConsoleOptions> options)
{
    private readonly byte[] _hash = Hash(options.Value.AdminKey);

    /// <summary>Whether it is the admin key.</summary>
    public bool Accepts(string? key) => CryptographicOperations.FixedTimeEquals(Hash(key ?? ""), _hash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
