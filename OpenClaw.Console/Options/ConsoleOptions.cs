namespace OpenClaw.Console.Options;

/// <summary>Settings of the console.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "OpenClaw:Console";

    /// <summary>Address of the edge's management listener, such as http://localhost:9090. Required.</summary>
    public string Edge { get; set; } = "";

    /// <summary>The edge's admin key. Required. It never leaves the server.</summary>
    public string AdminKey { get; set; } = "";

    /// <summary>Folder for the keys that protect cookies; empty: the framework's default, which may not outlive the process.</summary>
    public string KeyFolder { get; set; } = "";

    /// <summary>How long a sign-in lasts, used or not, 1 minute to 30 days. Default 8 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host are trusted. Default none.</summary>
    public List<string> TrustedNetworks { get; set; } = [];

    /// <summary>Sign-in with an identity provider; without an authority, operators sign in with the admin key.</summary>
    public OpenIdConnectSettings OpenIdConnect { get; set; } = new();
}
