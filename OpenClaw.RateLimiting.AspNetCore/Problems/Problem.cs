using System.Buffers;
using System.Net;
using System.Text.Json;

namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>A refusal, serialised in advance: a problem (RFC 9457), and its gRPC status.</summary>
internal sealed class Problem
{
    /// <summary>Prefix of the registered problem types.</summary>
    public const string Types = "https://iana.org/assignments/http-problem-types#";

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
}
