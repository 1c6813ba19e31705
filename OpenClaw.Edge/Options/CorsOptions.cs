using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Edge.Options;

/// <summary>Settings of CORS at the edge. Without origins, CORS is left to the upstream.</summary>
internal sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://app.example.com</c>, or <c>*</c> alone for any. Default none.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether scripts of these origins may send credentials, such as cookies, and read the responses. Not with <c>*</c>. Default
    /// false.</summary>
    public bool AllowCredentials { get; set; }

    /// <summary>Time for which a browser may cache the response to a preflight, up to one day. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);
}
