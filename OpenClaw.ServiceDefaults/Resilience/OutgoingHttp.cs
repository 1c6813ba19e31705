using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace OpenClaw.ServiceDefaults.Resilience;

/// <summary>
/// Configures all clients of <see cref="IHttpClientFactory"/>: service discovery and resilience against short failures. It differs from the
/// standard handler in two points. A 429 is a response, not a failure: it is neither retried nor counted towards opening the circuit. Only
/// safe methods (RFC 9110, 9.2.1) are retried, by the connection pool too, since a POST that failed late may have been executed.
/// </summary>
internal static class OutgoingHttp
{
    public static void AddOutgoingHttp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            client.AddStandardResilienceHandler(options =>
            {
                options.Retry.ShouldHandle = args =>
                    ValueTask.FromResult(IsFailure(args.Outcome) && NoResendHandler.IsSafe(args.Context.GetRequestMessage()?.Method));
                options.CircuitBreaker.ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome));
            });
            client.AddServiceDiscovery();
            client.AddHttpMessageHandler(() => new NoResendHandler());
        });
    }

    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && HttpClientResiliencePredicates.IsTransient(outcome);
}
