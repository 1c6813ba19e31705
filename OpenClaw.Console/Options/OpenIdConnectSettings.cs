namespace OpenClaw.Console.Options;

/// <summary>Sign-in with an OpenID Connect provider.</summary>
internal sealed class OpenIdConnectSettings
{
    /// <summary>Address of the provider; empty: operators sign in with the admin key. https, except on loopback.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The console's id at the provider. Required with <see cref="Authority"/>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The console's secret at the provider; empty for a public client.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes to ask for besides openid. Default profile and email.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>Claim with the name that the audit trail shows. Default: the first of email, preferred_username, name and sub.</summary>
    public string NameClaim { get; set; } = "";

    /// <summary>Claim that is required to use the console, such as groups; empty: none, all users of the provider may use it.</summary>
    public string RequiredClaim { get; set; } = "";

    /// <summary>Value that <see cref="RequiredClaim"/> must have.</summary>
    public string RequiredValue { get; set; } = "";

    /// <summary>Whether a provider is configured.</summary>
    internal bool IsEnabled => Authority.Length > 0;
}
