namespace OpenClaw.Console.Edge;

/// <summary>Kinds of failed calls.</summary>
internal enum EdgeFailure
{
    /// <summary>No response: nothing listens, or it took too long.</summary>
    NoResponse,

    /// <summary>The admin key was refused.</summary>
    Refused,

    /// <summary>The requested object does not exist.</summary>
    NotFound,

    /// <summary>The request is invalid.</summary>
    Invalid,

    /// <summary>The object was changed meanwhile.</summary>
    Changed,

    /// <summary>The edge cannot process the request now: Redis does not answer, or rules are not read from Redis.</summary>
    Unavailable,

    /// <summary>The operator's session has ended; the call was not made.</summary>
    SignedOut,
}
