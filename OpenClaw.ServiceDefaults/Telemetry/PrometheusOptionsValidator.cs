using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Health;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Validates the settings under <c>OpenClaw:Metrics</c>, and that there are no unknown ones beside them.</summary>
internal sealed class PrometheusOptionsValidator(IConfiguration configuration) : IValidateOptions<PrometheusOptions>
{
    public ValidateOptionsResult Validate(string? name, PrometheusOptions options)
    {
        List<string> errors = [.. KnownSettings.FindUnknown(configuration)];
        if (string.IsNullOrEmpty(options.Path) || options.Path[0] != '/' || options.Path.AsSpan().ContainsAny('{', '}'))
        {
            errors.Add(
                $"{PrometheusOptions.Section}:Path is \"{options.Path}\"; it must start with '/' and have no braces, "
                + "for example /metrics.");
        }
        else if (options.Path.Equals(HealthEndpoints.Readiness, StringComparison.OrdinalIgnoreCase)
            || options.Path.Equals(HealthEndpoints.Liveness, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(
                $"{PrometheusOptions.Section}:Path is \"{options.Path}\", which is a probe; it must be another, for example /metrics.");
        }

        if (options.OtlpEndpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")))
        {
            errors.Add(
                $"{PrometheusOptions.Section}:OtlpEndpoint is \"{endpoint}\"; it must be an absolute http or https address, or absent.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
