namespace OpenClaw.RateLimiting.AspNetCore;

/// <summary>Sets of rate limit fields in responses.</summary>
public enum RateLimitHeaderStyle
{
    /// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c>.</summary>
    Ietf,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>.</summary>
    Legacy,

    /// <summary><see cref="Ietf"/> and <see cref="Legacy"/>.</summary>
    Both,

    /// <summary>No fields.</summary>
    None,

    /// <summary><c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c>.</summary>
    Draft06,

    /// <summary><see cref="Draft06"/> and <see cref="Legacy"/>.</summary>
    Draft06AndLegacy,

    /// <summary><see cref="Ietf"/> and <see cref="Draft06"/>.</summary>
    IetfAndDraft06,

    /// <summary><see cref="Ietf"/>, <see cref="Draft06"/> and <see cref="Legacy"/>.</summary>
    All,
}
