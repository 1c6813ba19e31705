using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults.Telemetry;

internal sealed class TracingOptionsValidator : IValidateOptions<TracingOptions>
{
    public ValidateOptionsResult Validate(string? name, TracingOptions options)
    {
        List<string> errors = [];
        Check(nameof(options.Rate), options.Rate);
        Check(nameof(options.RefusalRate), options.RefusalRate);
        Check(nameof(options.ErrorRate), options.ErrorRate);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string setting, int rate)
        {
            if (rate is < 0 or > TracingOptions.MaxRate)
            {
                errors.Add($"{TracingOptions.Section}:{setting} is {rate}; it must be 0 to {TracingOptions.MaxRate} traces per second.");
            }
        }
    }
}
