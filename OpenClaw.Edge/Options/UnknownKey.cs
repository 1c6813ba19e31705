namespace OpenClaw.Edge.Options;

/// <summary>What an API key that belongs to no client means.</summary>
internal enum UnknownKey
{
    /// <summary>As if there were no key: the request is limited by its address.</summary>
    Anonymous,

    /// <summary>401, paid by the address bucket: keys cannot be guessed faster than an address may ask.</summary>
    Reject,

    /// <summary>The key's hash is a client of its own. The address bucket still bounds how many of them one address can be.</summary>
    Accept,
}
