using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Commands;

/// <summary><c>hash-key</c>: reads a key from standard input and prints the hash that <c>Clients:*:KeyHashes</c> takes. The pepper comes
/// from the configuration; neither appears on a command line. Only the hash is written to standard output.</summary>
internal static class HashKeyCommand
{
    public const string Name = "hash-key";

    private const string PepperPath = $"{EdgeOptions.Section}:ApiKeys:Pepper";

    private static readonly string Help = $"""
        Usage: hash-key [-] [setting ...]

        Reads an API key, one line, from standard input, and prints the hash for OpenClaw:Edge:Clients:<id>:KeyHashes.
        On a terminal it asks for the key and does not show what is typed. A key as an argument is refused: shells keep
        arguments in their history, and other users see them.

          -            read standard input, which is the default as well
          setting      a setting of the host, such as --environment Development
          -h, --help   print this

        The pepper is {PepperPath}, from the same configuration as the edge's: appsettings.json, user secrets
        in Development, environment variables (OpenClaw__Edge__ApiKeys__Pepper). Standard error says where it was found.

        Exit codes: 0 the hash was printed, 1 the key or the pepper is missing or not valid, 2 the arguments are not valid.
        """;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <param name="configure">Reads the edge's configuration from the arguments that are settings.</param>
    /// <param name="input">Supplies the key.</param>
    /// <param name="output">Receives the hash, or the help.</param>
    /// <param name="error">Receives all other messages.</param>
    /// <returns>The exit code.</returns>
    public static int Run(
        string[] arguments, Func<string[], IConfiguration> configure, TextReader input, TextWriter output, TextWriter error)
    {
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?" or "/?"))
        {
            output.WriteLine(Help);
            return 0;
        }

        string[] settings = [.. arguments.Where(argument => argument != "-")];
        if (!AreSettings(settings))
        {
            error.WriteLine(
                $"{Name} takes no key as an argument, where it would stay in the shell's history: write it to standard input. "
                + "--help has more.");
            return 2;
        }

        IConfiguration configuration;
        try
        {
            configuration = configure(settings);
        }
        catch (Exception exception) when (exception is FormatException or IOException or InvalidDataException)
        {
            error.WriteLine($"{exception.Message} --help has more.");
            return 2;
        }

        string pepper = configuration[PepperPath] ?? "";
        if (pepper.Length < ApiKeyOptions.MinPepperLength)
        {
            error.WriteLine($"{PepperPath} must have at least {ApiKeyOptions.MinPepperLength} characters; set it as the edge will see it.");
            return 1;
        }

        error.WriteLine(PepperSource.Describe(configuration, PepperPath));
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

    // Same forms as the configuration accepts: --name=value, or --name and then the value.
    private static bool AreSettings(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || arguments[i].Length == 2)
            {
                return false;
            }

            if (!arguments[i].Contains('=') && ++i == arguments.Length)
            {
                return false;
            }
        }

        return true;
    }
}
