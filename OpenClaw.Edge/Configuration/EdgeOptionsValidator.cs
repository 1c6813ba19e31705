using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates names and types of all settings, and the ranges of those that are fixed at start. Reports all errors at
/// once.</summary>
/// <param name="configuration">The source of the settings.</param>
/// <param name="limiterValidators">The limiter's own validators. Each of their errors begins with the name of a setting.</param>
internal sealed class EdgeOptionsValidator(
    IConfiguration configuration, IEnumerable<IValidateOptions<RedisRateLimiterOptions>> limiterValidators)
    : IValidateOptions<EdgeOptions>
{
    private const string Root = EdgeOptions.Section;

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> errors = [];
        StrictSettings.Read<EdgeOptions>(configuration, Root, errors);
        RangeErrors.Find(options, Root, errors);
        CheckClientAddress(options.ClientAddress, errors);
        CheckApiKeys(options.ApiKeys, errors);
        CheckAnswers(options.Answers, options.Cors, errors);
        CheckLimits(options, errors);
        errors.AddRange(limiterValidators
            .SelectMany(validator => validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options.Limiter).Failures ?? [])
            .Select(error => $"{Root}:{nameof(EdgeOptions.Limiter)}:{error}"));
        CheckAdmin(options.Admin, errors);
        errors.AddRange(EarlierManagementNames.FindConflicts(configuration));
        ControlPlaneValidator.Check(options, errors);
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void CheckClientAddress(ClientAddressOptions options, List<string> errors)
    {
        NetworkText.Compile(options.TrustedNetworks, $"{Root}:ClientAddress:TrustedNetworks", errors);
        if (!options.Header.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)
            && !options.Header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add($"{Root}:ClientAddress:Header is '{options.Header}'; it must be X-Forwarded-For or Forwarded.");
        }
    }

    private static void CheckApiKeys(ApiKeyOptions options, List<string> errors)
    {
        if (options.Header.Length > 0 && !HttpToken.IsValid(options.Header))
        {
            errors.Add($"{Root}:ApiKeys:Header is '{options.Header}'; it must be the name of a header, or empty.");
        }

        if (options.Pepper.Length is > 0 and < ApiKeyOptions.MinPepperLength)
        {
            errors.Add(
                $"{Root}:ApiKeys:Pepper has {options.Pepper.Length} characters; it must have at least {ApiKeyOptions.MinPepperLength}.");
        }

        if (options.Pepper.Length == 0 && options.Unknown == UnknownKey.Accept)
        {
            errors.Add($"{Root}:ApiKeys:Pepper is missing; {Root}:ApiKeys:Unknown=Accept needs it.");
        }
    }

    private static void CheckAnswers(AnswerOptions answers, CorsOptions cors, List<string> errors)
    {
        for (int i = 0; i < cors.AllowedOrigins.Count; i++)
        {
            string origin = cors.AllowedOrigins[i];
            bool isAny = origin == "*" && cors.AllowedOrigins.Count == 1;
            if (!isAny && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.GetLeftPart(UriPartial.Authority) == origin))
            {
                errors.Add(
                    $"{Root}:Cors:AllowedOrigins:{i} is '{origin}'; it must be an origin such as https://app.example.com, or * alone.");
            }
        }

        if (cors.AllowCredentials && (cors.AllowedOrigins.Count == 0 || cors.AllowedOrigins.Contains("*")))
        {
            errors.Add($"{Root}:Cors:AllowCredentials is true; then {Root}:Cors:AllowedOrigins must list the origins; * is not allowed.");
        }
    }

    private static void CheckLimits(EdgeOptions options, List<string> errors)
    {
        OverloadOptions overload = options.Overload;
        CheckShare(overload.MaxConnectionsPerAddress, overload.MaxConnections, "MaxConnections", errors);
        CheckShare(overload.MaxUpgradedConnectionsPerAddress, overload.MaxUpgradedConnections, "MaxUpgradedConnections", errors);
        CheckShare(overload.MaxConcurrentRequestsPerAddress, overload.MaxConcurrentRequests, "MaxConcurrentRequests", errors);
        if (options.RedisRules.Enabled && options.RedisRules.Key.Length is 0 or > 256)
        {
            errors.Add($"{Root}:RedisRules:Key has {options.RedisRules.Key.Length} characters; it must have 1 to 256.");
        }
    }

    private static void CheckAdmin(AdminOptions options, List<string> errors)
    {
        if (options.Key.Length > 0
            && (options.Key.Length < AdminOptions.MinKeyLength || options.Key.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            errors.Add($"{Root}:Admin:Key must have at least {AdminOptions.MinKeyLength} visible ASCII characters, or be empty.");
        }

        if (options.Address is { } address && !AddressText.TryParse(address, out _))
        {
            errors.Add($"{Root}:Admin:Address is '{address}'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.");
        }
    }

    /// <summary>Validates that the limit of one address is not above the limit of all.</summary>
    private static void CheckShare(int? perAddress, long all, string name, List<string> errors)
    {
        if (perAddress < 1 || perAddress > Math.Max(all, 1))
        {
            errors.Add(
                $"{Root}:Overload:{name}PerAddress is {perAddress}; it must be 1 to {Math.Max(all, 1)}, which is {Root}:Overload:{name}.");
        }
    }
}
