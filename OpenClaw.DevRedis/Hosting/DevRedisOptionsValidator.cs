using Microsoft.Extensions.Options;

namespace OpenClaw.DevRedis.Hosting;

internal sealed class DevRedisOptionsValidator : IValidateOptions<DevRedisOptions>
{
    public ValidateOptionsResult Validate(string? name, DevRedisOptions options)
    {
        string[] errors = [.. options.Validate()];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
