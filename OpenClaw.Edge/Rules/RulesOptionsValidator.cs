using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Rules;

/// <summary>Validates the configured rules at start by compiling them.</summary>
internal sealed class RulesOptionsValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> errors = [];
        EdgeRules? rules = RulesCompiler.Compile(
            options, ConfiguredRoutes.Read(configuration), options.ApiKeys.Pepper.Length > 0, previous: null, errors);
        if (options.ApiKeys.Unknown == UnknownKey.Accept
            && RulesCompiler.UnboundedPartitionsError(rules, ApiKeyOptions.AcceptsUnknown) is { } unbounded)
        {
            errors.Add(unbounded);
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
