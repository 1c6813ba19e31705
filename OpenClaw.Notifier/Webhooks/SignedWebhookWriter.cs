using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Receivers;
using StandardWebhooks;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Writes an event as a CloudEvent in JSON, signed by the rules of Standard Webhooks.</summary>
/// <param name="source">The CloudEvent's source.</param>
/// <param name="secrets">Secrets of the receivers.</param>
/// <param name="time">Clock of the signature.</param>
internal sealed class SignedWebhookWriter(string source, WebhookSecrets secrets, TimeProvider time)
{
    private const string Id = "webhook-id";
    private const string Timestamp = "webhook-timestamp";
    private const string Signature = "webhook-signature";

    // Attributes of the CloudEvent; removed from the data, where they would appear again.
    private static readonly string[] Attributes = ["id", "type", "time"];

    private readonly JsonEventFormatter _formatter = new();

    /// <summary>Creates the request.</summary>
    public HttpRequestMessage Create(Uri address, Delivery delivery, EdgeEvent happened)
    {
        ReadOnlyMemory<byte> body = Write(
            happened, new Receiver(delivery.Channel, delivery.To, delivery.Job.Names).IsOperators, out ContentType type);
        string id = IdOf(happened);
        DateTimeOffset now = time.GetUtcNow();
        HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type.ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("OpenClaw-Notifier", "1.0"));
        request.Headers.Add(Id, id);
        request.Headers.Add(Timestamp, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(Signature, Sign(delivery.Job.Names, id, now, Encoding.UTF8.GetString(body.Span)));
        return request;
    }

    // A signature for each name and key, newest key first.
    private string Sign(IReadOnlyList<string> names, string id, DateTimeOffset now, string body) => string.Join(' ',
        from key in Enumerable.Range(0, secrets.Count)
        from name in names
        select new StandardWebhook(secrets.Of(name, key)).Sign(id, now, body));

    private ReadOnlyMemory<byte> Write(EdgeEvent happened, bool toOperators, out ContentType type)
    {
        JsonObject data = happened.View(toOperators);
        foreach (string attribute in Attributes)
        {
            data.Remove(attribute);
        }

        CloudEvent cloudEvent = new(CloudEventsSpecVersion.V1_0)
        {
            Id = happened.Id,
            Source = new Uri(source, UriKind.RelativeOrAbsolute),
            Type = happened.Type,
            Subject = happened.Subject,
            Time = happened.Time,
            DataContentType = MediaTypeNames.Application.Json,
            Data = data,
        };
        return _formatter.EncodeStructuredModeMessage(cloudEvent, out type);
    }

    // A header may contain only visible ASCII characters.
    private static string IdOf(EdgeEvent happened) =>
        happened.Id.All(character => character is > ' ' and < '\x7f') ? happened.Id : Uri.EscapeDataString(happened.Id);
}
