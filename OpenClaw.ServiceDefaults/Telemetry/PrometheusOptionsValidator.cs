using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults.Telemetry;

internal sealed class PrometheusOptionsValidator : IValidateOptions<PrometheusOptions>
{
    public ValidateOptionsResult Validate(string? name, PrometheusOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrEmpty(options.Path) || options.Path[0] != '/')
        {
            errors.Add($"{PrometheusOptions.Section}:Path is \"{options.Path}\"; it must start with '/', for example /metrics.");
        }

        if (options.Port is < 1 or > 65535)
        {
            errors.Add($"{PrometheusOptions.Section}:Port is {options.Port}; it must be 1 to 65535, or absent for every port.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
