using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Holds a request until its lease is asked for.</summary>
internal sealed class PendingRequest(HttpContext context)
{
    private HttpContext? _context = context;

    public bool IsOf(HttpContext other) => ReferenceEquals(Volatile.Read(ref _context), other);

    /// <summary>The request; null if it was taken before.</summary>
    public HttpContext? Take() => Interlocked.Exchange(ref _context, null);
}
