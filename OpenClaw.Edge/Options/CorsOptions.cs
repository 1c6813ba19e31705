namespace OpenClaw.Edge.Options;

/// <summary>Cross-origin requests that the edge answers for. Without origins it leaves CORS to the upstream.</summary>
internal sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://app.example.com</c>, or <c>*</c> alone for any. Default none.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether scripts of these origins may send cookies and other credentials and read the answers. Not with <c>*</c>. Default
    /// false.</summary>
    public bool AllowCredentials { get; set; }

    /// <summary>How long a browser may remember the answer to a preflight, up to one day. Default 10 minutes.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);
}
