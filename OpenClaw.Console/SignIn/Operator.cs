using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace OpenClaw.Console.SignIn;

/// <summary>The person who is signed in.</summary>
internal static class Operator
{
    /// <summary>Name of an operator who signed in with the admin key and gave no name.</summary>
    public const string Unnamed = "admin key";

    private const string NameClaim = "name";
    private const int MaxNameLength = 100;

    /// <summary>Creates the principal for the cookie.</summary>
    /// <param name="name">The name, which is trimmed and cut to 100 characters; null or empty: <see cref="Unnamed"/>.</param>
    /// <param name="session">Claims of the session.</param>
    public static ClaimsPrincipal Create(string? name, params Claim[] session)
    {
        string text = Clean(name ?? "");
        Claim[] claims = [new(NameClaim, text.Length == 0 ? Unnamed : text), .. session];
        return new ClaimsPrincipal(
            new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme, NameClaim, roleType: null));
    }

    /// <summary>The name of a principal.</summary>
    public static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? Unnamed;

    // The name is sent in a header.
    private static string Clean(string name)
    {
        string printable = new([.. name.Where(character => !char.IsControl(character))]);
        return printable.Length > MaxNameLength ? printable[..MaxNameLength].Trim() : printable.Trim();
    }
}
