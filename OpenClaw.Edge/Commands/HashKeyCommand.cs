using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Settings;

namespace OpenClaw.Edge.Commands;

/// <summary><c>hash-key</c>: reads a key from standard input and prints the hash that <c>Clients:*:KeyHashes</c> takes. The pepper comes from the
/// configuration; neither appears on a command line.</summary>
internal static class HashKeyCommand
{
    public const string Name = "hash-key";

    /// <returns>The exit code.</returns>
    public static int Run(IConfiguration configuration, TextReader input, TextWriter output, TextWriter error)
    {
        const string PepperPath = $"{EdgeOptions.Section}:ApiKeys:Pepper";
        string pepper = configuration[PepperPath] ?? "";
        if (pepper.Length < KeyHasher.MinPepperLength)
        {
            error.WriteLine($"{PepperPath} must have at least {KeyHasher.MinPepperLength} characters; set it as the edge will see it.");
            return 1;
        }

        string key = input.ReadLine() ?? "";
        if (!KeyHasher.IsWellFormed(key))
        {
            error.WriteLine("A key is one or more visible ASCII characters, on one line of standard input.");
            return 1;
        }

        Span<byte> hash = stackalloc byte[KeyHasher.HashLength];
        new KeyHasher(pepper).Hash(key, hash);
        output.WriteLine(Convert.ToHexStringLower(hash));
        return 0;
    }
}
