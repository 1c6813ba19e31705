using System.Buffers;
using System.Net;
using System.Text.Json;

namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>A refusal, serialised in advance: a problem (RFC 9457), and its gRPC status.</summary>
internal sealed class Problem
{
    /// <summary>Beginning of the registered problem types.</summary>
    public const string Types = "https://iana.org/assignments/http-problem-types#";

    /// <summary>503: Redis cannot decide and the policy fails closed.</summary>
    public static readonly Problem ReducedCapacity = new(
        HttpStatusCode.ServiceUnavailable, Types + "temporary-reduced-capacity", "Service Unavailable",
        "The rate limiter cannot decide at the moment.", GrpcStatus.Unavailable, "unavailable");

    /// <summary>429: an operator has blocked the partition for a time.</summary>
    public static readonly Problem Blocked = new(
        HttpStatusCode.TooManyRequests, Types + "abnormal-usage-detected", "Too Many Requests",
        "Requests of this client are blocked for a time.", GrpcStatus.ResourceExhausted, "blocked");

    /// <summary>Serialises a problem.</summary>
    public Problem(
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

    /// <summary>Short name of the outcome, for metrics and traces.</summary>
    public string Result { get; }

    public int StatusCode { get; }

    /// <summary>The problem as UTF-8 JSON.</summary>
    public byte[] Body { get; }

    public string GrpcCode { get; }

    public string GrpcMessage { get; }

    /// <summary>429: the named buckets have too few tokens.</summary>
    public static Problem QuotaExceeded(IEnumerable<string> violatedPolicies) => new(
        HttpStatusCode.TooManyRequests, Types + "quota-exceeded", "Too Many Requests",
        "The quota is used up; see Retry-After.", GrpcStatus.ResourceExhausted, "limited", violatedPolicies);

    /// <summary>429: the request costs more than the capacity of at least one of the named buckets.</summary>
    public static Problem CostAboveCapacity(IEnumerable<string> violatedPolicies) => new(
        HttpStatusCode.TooManyRequests, Types + "quota-exceeded", "Too Many Requests",
        "The request costs more than the quota can ever hold; it cannot succeed later either.", GrpcStatus.ResourceExhausted,
        "limited", violatedPolicies);
}
