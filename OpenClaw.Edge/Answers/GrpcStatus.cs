namespace OpenClaw.Edge.Answers;

/// <summary>The gRPC status codes that the edge answers with.</summary>
internal enum GrpcStatus
{
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unavailable = 14,
    Unauthenticated = 16,
}
