namespace OpenClaw.RateLimiting.AspNetCore.Problems;

/// <summary>The gRPC status codes that the edge sends.</summary>
internal enum GrpcStatus
{
    DeadlineExceeded = 4,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
