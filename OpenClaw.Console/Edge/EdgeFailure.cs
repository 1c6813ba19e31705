namespace OpenClaw.Console.Edge;

/// <summary>Kinds of failed calls.</summary>
internal enum EdgeFailure
{
    /// <summary>No answer: nothing listens, or it took too long.</summary>
    Away,

    /// <summary>The admin key was refused.</summary>
    Refused,

    /// <summary>What was asked for is not there.</summary>
    NotFound,

    /// <summary>The request is invalid.</summary>
    Invalid,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Changed,

    /// <summary>The edge cannot do it now: Redis does not answer, or rules are not read from Redis.</summary>
    Unavailable,
}
