namespace OpenClaw.Edge.Settings;

/// <summary>Which rate limit fields responses carry.</summary>
internal enum HeaderStyle
{
    /// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c>.</summary>
    Ietf,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>.</summary>
    Legacy,

    Both,

    None,
}
