using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Receivers;
using OpenClaw.Notifier.Webhooks;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Notifier.Commands;

/// <summary><c>webhook-secret</c>: prints the secret with which a receiver verifies webhooks. The signing keys come from the configuration.
/// Only the secret is written to standard output.</summary>
internal static class WebhookSecretCommand
{
    public const string Name = "webhook-secret";

    private const string KeysPath = $"{NotifierOptions.Section}:Webhooks:SigningKeys";

    private static readonly string Help = $"""
        Usage: webhook-secret <receiver> [key] [setting ...]

        Prints the secret with which a receiver verifies our webhooks, whsec_…, for any library of Standard Webhooks.

          receiver     id of a client, such as acme, or operator/ and the name of an entry below {NotifierOptions.Section}:Operators
          key          number of the signing key, 0 to 4; 0, the newest, is the default
          setting      a setting of the host, such as --environment Production
          -h, --help   print this

        The keys are {KeysPath}, from the same configuration as the notifier's: appsettings.json,
        environment variables (OpenClaw__Notifier__Webhooks__SigningKeys__0).

        Exit codes: 0 the secret was printed, 1 the signing key is missing or not valid, 2 the arguments are not valid.
        """;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <param name="configure">Reads the notifier's configuration from the arguments that are settings.</param>
    /// <param name="output">Receives the secret, or the help.</param>
    /// <param name="error">Receives all other messages.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Func<string[], IConfiguration> configure, TextWriter output, TextWriter error)
    {
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?" or "/?"))
        {
            output.WriteLine(Help);
            return 0;
        }

        string[] words = [.. arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        int key = 0;
        if (words.Length is 0 or > 2 || NameOf(words[0]) is not { } name || (words.Length == 2 && !int.TryParse(words[1], out key))
            || key < 0)
        {
            error.WriteLine(
                $"{Name} takes the id of a client, or operator/ and a name, and the number of a key where it is not 0. --help has more.");
            return 2;
        }

        NotifierOptions options;
        try
        {
            options = StrictSettings.Read<NotifierOptions>(configure(arguments[words.Length..]), NotifierOptions.Section, []);
        }
        catch (Exception exception) when (exception is FormatException or IOException or InvalidDataException)
        {
            error.WriteLine($"{exception.Message} --help has more.");
            return 2;
        }

        List<string> keys = options.Webhooks.SigningKeys;
        if (key >= keys.Count || keys[key].Length < WebhookOptions.MinKeyLength)
        {
            error.WriteLine(
                $"{KeysPath}:{key} must have at least {WebhookOptions.MinKeyLength} characters; set it as the notifier will see it.");
            return 1;
        }

        output.WriteLine(new WebhookSecrets(Microsoft.Extensions.Options.Options.Create(options)).TextOf(name, key));
        return 0;
    }

    private static string? NameOf(string receiver)
    {
        bool isPrefixed = receiver.StartsWith(Receiver.ClientPrefix, StringComparison.Ordinal)
            || receiver.StartsWith(Receiver.OperatorPrefix, StringComparison.Ordinal);
        string name = isPrefixed ? receiver : Receiver.ClientPrefix + receiver;
        return name.Split('/') is [_, var id] && ReceiverName.IsValid(id) ? name : null;
    }
}
