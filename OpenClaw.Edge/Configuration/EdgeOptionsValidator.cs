using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Configuration;

/// <summary>Validates names and types of all settings, and the ranges of those that are fixed at start. Reports all errors at
/// once.</summary>
/// <param name="configuration">The source of the settings.</param>
/// <param name="limiterValidators">The limiter's own validators. Each of their errors begins with the name of a setting.</param>
internal sealed class EdgeOptionsValidator(
    IConfiguration configuration, IEnumerable<IValidateOptions<TokenBucketLimiterOptions>> limiterValidators)
    : IValidateOptions<EdgeOptions>
{
    private const string Root = EdgeOptions.Section;

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> errors = [];
        StrictSettings.Read<EdgeOptions>(configuration, Root, errors);
        CheckClientAddress(options.ClientAddress, errors);
        CheckApiKeys(options.ApiKeys, errors);
        CheckAnswers(options.Answers, options.Cors, errors);
        CheckLimits(options, errors);
        errors.AddRange(limiterValidators
            .SelectMany(validator => validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options.Limiter).Failures ?? [])
            .Select(error => $"{Root}:{nameof(EdgeOptions.Limiter)}:{error}"));
        CheckAdmin(options.Admin, errors);
        errors.AddRange(EarlierManagementNames.FindConflicts(configuration));
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

        CheckRange(options.IPv6PrefixLength, 32, 128, $"{Root}:ClientAddress:IPv6PrefixLength", errors);
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
        if (!(answers.RetryAfterJitter is >= 0 and <= 10))
        {
            errors.Add($"{Root}:Answers:RetryAfterJitter is {answers.RetryAfterJitter}; it must be 0 to 10.");
        }

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
            errors.Add($"{Root}:Cors:AllowCredentials is true; then {Root}:Cors:AllowedOrigins must name the origins, and * is none.");
        }

        CheckRange(cors.MaxAge, TimeSpan.Zero, TimeSpan.FromDays(1), $"{Root}:Cors:MaxAge", errors);
    }

    private static void CheckLimits(EdgeOptions options, List<string> errors)
    {
        OverloadOptions overload = options.Overload;
        CheckRange(overload.MaxRequestBodyBytes, 0, 1L << 40, $"{Root}:Overload:MaxRequestBodyBytes", errors);
        CheckRange(overload.MaxRequestLineBytes, 256, 1 << 20, $"{Root}:Overload:MaxRequestLineBytes", errors);
        CheckRange(overload.MaxRequestHeadersBytes, 256, 1 << 20, $"{Root}:Overload:MaxRequestHeadersBytes", errors);
        CheckRange(overload.MaxRequestHeaders, 8, 10_000, $"{Root}:Overload:MaxRequestHeaders", errors);
        CheckRange(overload.MaxConnections, 1, 10_000_000, $"{Root}:Overload:MaxConnections", errors);
        CheckRange(overload.MaxUpgradedConnections, 0, 10_000_000, $"{Root}:Overload:MaxUpgradedConnections", errors);
        CheckRange(overload.MaxConcurrentRequests, 1, 10_000_000, $"{Root}:Overload:MaxConcurrentRequests", errors);
        CheckShare(overload.MaxConnectionsPerAddress, overload.MaxConnections, "MaxConnections", errors);
        CheckShare(overload.MaxUpgradedConnectionsPerAddress, overload.MaxUpgradedConnections, "MaxUpgradedConnections", errors);
        CheckShare(overload.MaxConcurrentRequestsPerAddress, overload.MaxConcurrentRequests, "MaxConcurrentRequests", errors);
        CheckRange(overload.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan
            .FromMinutes(5), $"{Root}:Overload:RequestHeadersTimeout", errors);
        CheckRange(options.Upstream.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan
            .FromMinutes(1), $"{Root}:Upstream:ConnectTimeout", errors);
        CheckRange(options.Upstream.ConnectionLifetime, TimeSpan.FromSeconds(10), TimeSpan
            .FromDays(1), $"{Root}:Upstream:ConnectionLifetime", errors);
        CheckRange(options.Upstream.StreamIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan
            .FromDays(1), $"{Root}:Upstream:StreamIdleTimeout", errors);
        CheckRange(options.Upstream.CostTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5), $"{Root}:Upstream:CostTimeout", errors);
        CheckRange(options.Drain.Delay, TimeSpan.Zero, TimeSpan.FromMinutes(5), $"{Root}:Drain:Delay", errors);
        CheckRange(options.Drain.Timeout, TimeSpan.Zero, TimeSpan.FromMinutes(10), $"{Root}:Drain:Timeout", errors);
        CheckRange(options.RedisRules.PollInterval, TimeSpan.FromMilliseconds(
            100), RedisRulesOptions.SlowestPoll, $"{Root}:RedisRules:PollInterval", errors);
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

        CheckRange(options.Port ?? 0, 0, ushort.MaxValue, $"{Root}:Admin:Port", errors);
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

    private static void CheckRange<T>(T value, T min, T max, string path, List<string> errors) where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            errors.Add($"{path} is {value}; it must be {min} to {max}.");
        }
    }
}
