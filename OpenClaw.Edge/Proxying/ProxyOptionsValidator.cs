using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Validates routes and clusters at start, together with the edge's own settings.</summary>
internal sealed class ProxyOptionsValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> errors = ProxySettings.ErrorsIn(
            ConfigurationTree.Read(configuration, ProxySettings.Section), ConfigurationTree.Read(configuration, ProxySettings.Services));
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
