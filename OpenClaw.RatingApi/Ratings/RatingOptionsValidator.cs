using Microsoft.Extensions.Options;

namespace OpenClaw.RatingApi.Ratings;

internal sealed class RatingOptionsValidator : IValidateOptions<RatingOptions>
{
    public ValidateOptionsResult Validate(string? name, RatingOptions options)
    {
        List<string> errors = [];
        if (options.MaxSubjects is < 1 or > 10_000_000)
        {
            errors.Add($"{RatingOptions.Section}:{nameof(options.MaxSubjects)} is {options.MaxSubjects}; it must be 1 to 10000000.");
        }

        if (options.MaxBodyBytes is < 64 or > 1_048_576)
        {
            errors.Add($"{RatingOptions.Section}:{nameof(options.MaxBodyBytes)} is {options.MaxBodyBytes}; it must be 64 to 1048576.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
