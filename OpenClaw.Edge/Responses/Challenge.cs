using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Responses;

/// <summary>The value of <c>WWW-Authenticate</c>, which a 401 must have (RFC 9110, 15.5.2): one challenge for each place that keys are read
/// from. A key in a custom header has no registered scheme; the edge uses <c>ApiKey</c> with the header's name. <c>Bearer</c> follows RFC
/// 6750, section 3.</summary>
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
