using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace OpenClaw.ServiceDefaults.Resilience;

/// <summary>
/// What every client made by <see cref="IHttpClientFactory"/> does: resolve service names, and survive a service that fails for a moment.
/// Two departures from the standard handler. A 429 is an answer, not a failure: it is neither retried nor counted towards opening the
/// circuit.
/// And only safe methods (RFC 9110, 9.2.1) are retried, since a POST that failed late may have been carried out; not even by the connection
/// pool.
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
