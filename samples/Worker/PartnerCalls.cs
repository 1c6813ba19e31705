using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting;

namespace Worker;

/// <summary>Makes a number of calls to a partner's API, each when the shared buckets allow it.</summary>
internal sealed partial class PartnerCalls(
    IRateLimiterClient limiter,
    IRateLimitPolicies policies,
    HttpClient http,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<PartnerCalls> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Uri address = new(configuration["Partner:Address"] ?? throw new InvalidOperationException("Partner:Address is missing."));
        int calls = configuration["Partner:Calls"] is not { } text ? 20
            : int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number
            : throw new InvalidOperationException($"Partner:Calls is '{text}'; it must be a whole number.");
        for (int i = 1; i <= calls; i++)
        {
            await WaitForTokenAsync(stoppingToken);
            using HttpResponseMessage response = await http.GetAsync(address, stoppingToken);
            LogAnswer(logger, i, response.StatusCode);
        }

        lifetime.StopApplication();
    }

    private async Task WaitForTokenAsync(CancellationToken stoppingToken)
    {
        Charge charge = new(policies["partner"], "partner-api");
        RateLimitDecision decision = await limiter.DecideAsync(charge, stoppingToken);
        while (!decision.IsAllowed)
        {
            // A denied charge costs nothing, and the wait is exact unless another worker takes the token.
            await Task.Delay(decision.RetryAfter, stoppingToken);
            decision = await limiter.DecideAsync(charge, stoppingToken);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Call {Number} was answered with {Status}.")]
    private static partial void LogAnswer(ILogger logger, int number, HttpStatusCode status);
}
