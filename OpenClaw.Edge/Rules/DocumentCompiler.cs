using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Compiles the rules of the configuration, overridden by a document.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="keys">Settings of API keys, which are fixed at start.</param>
internal sealed class DocumentCompiler(IConfiguration configuration, ApiKeyOptions keys)
{
    private readonly bool _hasPepper = keys.Pepper.Length > 0;
    private readonly bool _acceptsUnknownKeys = keys.Unknown == UnknownKey.Accept;

    /// <summary>The rules of validated settings at start; null when <paramref name="errors"/> is not empty afterwards.</summary>
    public EdgeRules? CompileConfiguration(EdgeOptions options, List<string> errors) =>
        RulesCompiler.Compile(options, ConfiguredRoutes.Read(configuration), _hasPepper, previous: null, errors);

    /// <summary>The compiled rules; null when <paramref name="errors"/> is not empty afterwards.</summary>
    /// <param name="document">The document.</param>
    /// <param name="current">The rules in force. Unchanged limits are reused.</param>
    /// <param name="errors">Receives every error.</param>
    /// <exception cref="OutOfMemoryException">There is not enough memory at present. The document may be valid.</exception>
    public EdgeRules? Compile(RulesDocument document, EdgeRules current, List<string> errors)
    {
        try
        {
            List<string> found = [];
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(
                document.Over(ConfigurationTree.Read(configuration, EdgeOptions.Section)), found);
            EdgeRules? rules = RulesCompiler.Compile(
                options, ConfiguredRoutes.Read(configuration), _hasPepper, current, found, document);
            if (_acceptsUnknownKeys && RulesCompiler.UnboundedPartitionsError(rules, ApiKeyOptions.AcceptsUnknown) is { } unlimited)
            {
                found.Add(unlimited);
            }

            errors.AddRange(found.Except(errors));
            return errors.Count > 0 ? null : rules;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An unexpected error in new rules must not stop limiting: the previous rules stay in force.
            errors.Add($"The rules cannot be compiled: {exception}");
            return null;
        }
    }
}
