using Microsoft.Extensions.Options;

namespace OpenClaw.DevRedis.Hosting;

internal sealed class DevRedisOptionsValidator : IValidateOptions<DevRedisOptions>
{
    public ValidateOptionsResult Validate(string? name, DevRedisOptions options) =>
        options.Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
