using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Validates the settings under <c>OpenClaw:Metrics</c>, and that there are no unknown ones beside them.</summary>
internal sealed class PrometheusOptionsValidator(IConfiguration configuration) : IValidateOptions<PrometheusOptions>
{
    public ValidateOptionsResult Validate(string? name, PrometheusOptions options)
    {
        List<string> errors = [.. KnownSettings.FindUnknown(configuration)];
        if (string.IsNullOrEmpty(options.Path) || options.Path[0] != '/')
        {
            errors.Add($"{PrometheusOptions.Section}:Path is \"{options.Path}\"; it must start with '/', for example /metrics.");
        }

        if (options.Port is < 1 or > 65535)
        {
            errors.Add($"{PrometheusOptions.Section}:Port is {options.Port}; it must be 1 to 65535, or absent for every port.");
        }

        if (options.OtlpEndpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")))
        {
            errors.Add($"{PrometheusOptions.Section}:OtlpEndpoint is \"{endpoint}\"; it must be an absolute http or https address, or absent.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
