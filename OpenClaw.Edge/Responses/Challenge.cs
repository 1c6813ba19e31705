using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Responses;

/// <summary>What <c>WWW-Authenticate</c> says in a 401, which must have it (RFC 9110, 15.5.2): a challenge for each place that keys are read from. For a header of
/// its own there is no registered scheme; ours is called <c>ApiKey</c> and names the header. <c>Bearer</c> is RFC 6750's, section 3.</summary>
internal static class Challenge
{
    public static StringValues Of(ApiKeyOptions keys)
    {
        List<string> challenges = [];
        if (keys.Header.Length > 0)
        {
            challenges.Add($"ApiKey header=\"{keys.Header}\"");
        }

        if (keys.Bearer)
        {
            challenges.Add("Bearer error=\"invalid_token\"");
        }

        return new StringValues([.. challenges]);
    }
}
