using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>The setting <c>OpenClaw:RatingApi</c>: the address of a real rating API, for the edge to stand before it instead of the mock.</summary>
internal static class RatingApiAddress
{
    private const string Setting = "OpenClaw:RatingApi";

    /// <summary>Reads the setting; null when it is not set.</summary>
    /// <exception cref="DistributedApplicationException">It is no absolute http or https address.</exception>
    public static string? Read(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } value)
        {
            return null;
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.ToString()
            : throw new DistributedApplicationException($"{Setting} is '{value}'; it must be an absolute http or https address, such as https://ratings.example.com.");
    }
}
