using System.Net;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Responses;

/// <summary>Responses of the edge itself, besides those for used-up quotas.</summary>
internal static class Refusal
{
    /// <summary>401: the API key belongs to no client, and the edge rejects unknown keys.</summary>
    public static readonly Problem UnknownKey = new(
        HttpStatusCode.Unauthorized, "about:blank", "Unauthorized", "The API key is not known.", GrpcStatus.Unauthenticated,
        Outcomes.Unauthorized);

    /// <summary>403: the client is disabled.</summary>
    public static readonly Problem ClientDisabled = new(
        HttpStatusCode.Forbidden, "about:blank", "Forbidden", "The client is disabled.", GrpcStatus.PermissionDenied, Outcomes.Forbidden);

    /// <summary>403: the address or the client is on the deny list.</summary>
    public static readonly Problem Denied = new(
        HttpStatusCode.Forbidden, "about:blank", "Forbidden", "Requests of this client are not accepted.",
        GrpcStatus.PermissionDenied, Outcomes.Forbidden);

    /// <summary>503: the edge's limit of requests in flight is reached.</summary>
    public static readonly Problem Overloaded = new(
        HttpStatusCode.ServiceUnavailable, Problem.Types + "temporary-reduced-capacity", "Service Unavailable",
        "Too many requests are in flight.", GrpcStatus.Unavailable, Outcomes.EdgeFull);

    /// <summary>429: the limit of requests in flight per address is reached. Not 503, since other addresses are still served.</summary>
    public static readonly Problem AddressOverloaded = new(
        HttpStatusCode.TooManyRequests, Problem.Types + "abnormal-usage-detected", "Too Many Requests",
        "Too many requests of this client's address are in flight.", GrpcStatus.ResourceExhausted, Outcomes.AddressFull);

    /// <summary>400: the upstream could read the path differently from the edge.</summary>
    public static readonly Problem AmbiguousPath = new(
        HttpStatusCode.BadRequest, "about:blank", "Bad Request",
        "The path is ambiguous: it has a backslash, a number sign, an incomplete escape, or dot segments between encoded slashes.",
        GrpcStatus.Internal, Outcomes.Allowed);

    /// <summary>400: the client did not send what its headers announced.</summary>
    public static readonly Problem BrokenBody = new(
        HttpStatusCode.BadRequest, "about:blank", "Bad Request", "The request body is incomplete or malformed.",
        GrpcStatus.Internal, Outcomes.Allowed);

    /// <summary>408: the client took too long to send its body.</summary>
    public static readonly Problem SlowBody = new(
        HttpStatusCode.RequestTimeout, "about:blank", "Request Timeout", "The request body did not arrive in time.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>413: the body is larger than the edge or the route accepts.</summary>
    public static readonly Problem LargeBody = new(
        HttpStatusCode.RequestEntityTooLarge, "about:blank", "Content Too Large", "The request body is too large.",
        GrpcStatus.ResourceExhausted, Outcomes.Allowed);

    /// <summary>502: the upstream refused or broke the connection, or sent something that is not HTTP.</summary>
    public static readonly Problem UpstreamFailed = new(
        HttpStatusCode.BadGateway, "about:blank", "Bad Gateway", "The upstream service could not be reached, or did not answer properly.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>503: the cluster has no healthy destination.</summary>
    public static readonly Problem UpstreamUnavailable = new(
        HttpStatusCode.ServiceUnavailable, "about:blank", "Service Unavailable", "The upstream service is not available at the moment.",
        GrpcStatus.Unavailable, Outcomes.Allowed);

    /// <summary>504: the upstream did not answer in time.</summary>
    public static readonly Problem UpstreamSlow = new(
        HttpStatusCode.GatewayTimeout, "about:blank", "Gateway Timeout", "The upstream service did not answer in time.",
        GrpcStatus.DeadlineExceeded, Outcomes.Allowed);
}
