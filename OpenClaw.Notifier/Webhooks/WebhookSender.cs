using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Delivers by webhook. A status of 2xx means delivered; 410 means that the receiver wants no more messages.</summary>
internal sealed class WebhookSender(
    WebhookClient client, WebhookSecrets secrets, IOptions<NotifierOptions> options, TimeProvider time) : ISender
{
    private const string NotResolved = "the receiver's name cannot be resolved";

    private readonly WebhookOptions _options = options.Value.Webhooks;
    private readonly SignedWebhookWriter _writer = new(options.Value.Source, secrets, time);

    public string Channel => Receivers.Channel.Webhook;

    public int MaxReceivers => _options.MaxReceivers;

    public int MaxPerReceiver => _options.MaxPerReceiver;

    public async Task<DeliveryResult> SendAsync(Delivery delivery, EdgeEvent happened, CancellationToken cancellationToken)
    {
        if (WebhookUrl.TryRead(delivery.To, _options.AllowHttp, out string? error) is not { } address)
        {
            return DeliveryResult.Refused($"the address {error}");
        }

        if (delivery.Job.Names.Count == 0)
        {
            return DeliveryResult.Refused(
                "no client and no operator has this webhook any more, so there is no secret to sign with");
        }

        if (secrets.Count == 0)
        {
            return DeliveryResult.Failed($"{NotifierOptions.Section}:Webhooks:SigningKeys is empty, so nothing can be signed");
        }

        using CancellationTokenSource deadline = new(_options.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = _writer.Create(address, delivery, happened);
            using HttpResponseMessage answer = await client.SendAsync(request, either.Token);
            return ResultOf(answer);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Describe(exception) is { } problem)
        {
            return exception is HttpRequestException { InnerException: ForbiddenAddressException }
                ? DeliveryResult.Refused(problem)
                : DeliveryResult.Failed(problem);
        }
    }

    private DeliveryResult ResultOf(HttpResponseMessage answer)
    {
        int status = (int)answer.StatusCode;
        return answer switch
        {
            { IsSuccessStatusCode: true } => DeliveryResult.Delivered,
            { StatusCode: HttpStatusCode.Gone } => DeliveryResult.Refused("410: the receiver wants no more"),
            _ when status is >= 300 and < 400 => DeliveryResult.Failed($"{status}: redirects are not followed"),
            _ => DeliveryResult.Failed($"{status}", RetryAfter.Of(answer, time)),
        };
    }

    // The text contains no data from the receiver.
    private string? Describe(Exception exception) => exception switch
    {
        OperationCanceledException => $"no answer within {_options.Timeout.TotalSeconds:0.###} s",
        HttpRequestException { InnerException: ForbiddenAddressException forbidden } => forbidden.Message,
        HttpRequestException { InnerException: AuthenticationException } => "the receiver's certificate is not valid, or TLS failed",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => NotResolved,
        HttpRequestException { InnerException: SocketException socket } when IsNotResolved(socket) => NotResolved,
        HttpRequestException { InnerException: SocketException socket } => $"no connection: {socket.SocketErrorCode}",
        HttpRequestException http => $"the exchange failed: {http.HttpRequestError}",
        IOException => "the connection was lost",
        _ => null,
    };

    private static bool IsNotResolved(SocketException exception) =>
        exception.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData;
}
