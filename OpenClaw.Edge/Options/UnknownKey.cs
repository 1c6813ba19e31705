namespace OpenClaw.Edge.Options;

/// <summary>Treatment of an API key that belongs to no client.</summary>
internal enum UnknownKey
{
    /// <summary>Ignore the key: the request is limited by its address.</summary>
    Anonymous,

    /// <summary>Answer 401, charged to the address bucket, which bounds the rate at which keys can be guessed.</summary>
    Reject,

    /// <summary>Treat the key's hash as a client of its own. The address bucket still bounds the requests of one address.</summary>
    Accept,
}
