using System.Buffers;
using System.Net;
using System.Text.Json;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Responses;

/// <summary>A response of the edge itself, serialised in advance: a problem (RFC 9457), and its gRPC status.</summary>
internal sealed class Refusal
{
    private const string Types = "https://iana.org/assignments/http-problem-types#";

    /// <summary>503: Redis cannot decide and the policy fails closed.</summary>
    public static readonly Refusal ReducedCapacity = new(
        HttpStatusCode.ServiceUnavailable, Types + "temporary-reduced-capacity", "Service Unavailable",
        "The rate limiter cannot decide at the moment.", GrpcStatus.Unavailable, Outcomes.Unavailable);

    /// <summary>429: an operator has blocked the partition for a time.</summary>
    public static readonly Refusal Blocked = new(
        HttpStatusCode.TooManyRequests, Types + "abnormal-usage-detected", "Too Many Requests",
        "Requests of this client are blocked for a time.", GrpcStatus.ResourceExhausted, Outcomes.Blocked);

    /// <summary>401: the API key belongs to no client, and the edge rejects unknown keys.</summary>
    public static readonly Refusal UnknownKey = new(
        HttpStatusCode.Unauthorized, "about:blank", "Unauthorized", "The API key is not known.", GrpcStatus.Unauthenticated,
        Outcomes.Unauthorized);

    /// <summary>403: the client is disabled.</summary>
    public static readonly Refusal ClientDisabled = new(
        HttpStatusCode.Forbidden, "about:blank", "Forbidden", "The client is disabled.", GrpcStatus.PermissionDenied, Outcomes.Forbidden);

    /// <summary>403: the address or the client is on the deny list.</summary>
    public static readonly Refusal Denied = new(
        HttpStatusCode.Forbidden, "about:blank", "Forbidden", "Requests of this client are not accepted.",
        GrpcStatus.PermissionDenied, Outcomes.Forbidden);

    /// <summary>503: as many requests are in flight as the edge admits.</summary>
    public static readonly Refusal Overloaded = new(
        HttpStatusCode.ServiceUnavailable, Types + "temporary-reduced-capacity", "Service Unavailable",
        "Too many requests are in flight.", GrpcStatus.Unavailable, Outcomes.EdgeFull);

    /// <summary>429: the client's address has as many requests in flight as one address may have. Not 503, since other addresses are still
    /// served.</summary>
    public static readonly Refusal AddressOverloaded = new(
        HttpStatusCode.TooManyRequests, Types + "abnormal-usage-detected", "Too Many Requests",
        "Too many requests of this client's address are in flight.", GrpcStatus.ResourceExhausted, Outcomes.AddressFull);

    /// <summary>400: the upstream could read the path differently from the edge.</summary>
    public static readonly Refusal AmbiguousPath = new(
        HttpStatusCode.BadRequest, "about:blank", "Bad Request",
        "The path is ambiguous: it has a backslash, a number sign, an incomplete escape, or dot segments between encoded slashes.",
        GrpcStatus.Internal, Outcomes.Allowed);

    /// <summary>400: the client did not send what its headers announced.</summary>
    public static readonly Refusal BrokenBody = new(
        HttpStatusCode.BadRequest, "about:blank", "Bad Request", "The request body is incomplete or malformed.",
        GrpcStatus.Internal, Outcomes.Allowed);

    /// <summary>408: the client took too long to send its body.</summary>
    public static readonly Refusal SlowBody = new(
        HttpStatusCode.RequestTimeout, "about:blank", "Request Timeout", "The request body did not arrive in time.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>413: the body is larger than the edge or the route accepts.</summary>
    public static readonly Refusal LargeBody = new(
        HttpStatusCode.RequestEntityTooLarge, "about:blank", "Content Too Large", "The request body is too large.",
        GrpcStatus.ResourceExhausted, Outcomes.Allowed);

    /// <summary>502: the upstream refused or broke the connection, or sent something that is not HTTP.</summary>
    public static readonly Refusal UpstreamFailed = new(
        HttpStatusCode.BadGateway, "about:blank", "Bad Gateway", "The upstream service could not be reached, or did not answer properly.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>503: the cluster has no healthy destination.</summary>
    public static readonly Refusal UpstreamUnavailable = new(
        HttpStatusCode.ServiceUnavailable, "about:blank", "Service Unavailable", "The upstream service is not available at the moment.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>504: the upstream did not answer in time.</summary>
    public static readonly Refusal UpstreamSlow = new(
        HttpStatusCode.GatewayTimeout, "about:blank", "Gateway Timeout", "The upstream service did not answer in time.",
        GrpcStatus.DeadlineExceeded, Outcomes.Allowed);

    private Refusal(
        HttpStatusCode status, string type, string title, string detail, GrpcStatus grpcStatus, string result,
        IEnumerable<string>? violatedPolicies = null)
    {
        Result = result;
        StatusCode = (int)status;
        GrpcCode = ((int)grpcStatus).ToString();
        GrpcMessage = detail;
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("title", title);
        json.WriteNumber("status", StatusCode);
        json.WriteString("detail", detail);
        json.WriteString("error", title);
        if (violatedPolicies is not null)
        {
            json.WriteStartArray("violated-policies");
            foreach (string policy in violatedPolicies)
            {
                json.WriteStringValue(policy);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        Body = buffer.WrittenSpan.ToArray();
    }

    /// <summary>The value of the metrics tag <c>result</c>, one of <see cref="Outcomes"/>.</summary>
    public string Result { get; }

    public int StatusCode { get; }

    /// <summary>The problem as UTF-8 JSON.</summary>
    public byte[] Body { get; }

    public string GrpcCode { get; }

    public string GrpcMessage { get; }

    /// <summary>429: the named buckets have too few tokens.</summary>
    public static Refusal QuotaExceeded(IEnumerable<string> violatedPolicies) => new(
        HttpStatusCode.TooManyRequests, Types + "quota-exceeded", "Too Many Requests",
        "The quota is used up; see Retry-After.", GrpcStatus.ResourceExhausted, Outcomes.Limited, violatedPolicies);

    /// <summary>429: the request costs more than the capacity of at least one of the named buckets.</summary>
    public static Refusal CostAboveCapacity(IEnumerable<string> violatedPolicies) => new(
        HttpStatusCode.TooManyRequests, Types + "quota-exceeded", "Too Many Requests",
        "The request costs more than the quota can ever hold; it cannot succeed later either.", GrpcStatus.ResourceExhausted,
        Outcomes.Limited, violatedPolicies);
}
