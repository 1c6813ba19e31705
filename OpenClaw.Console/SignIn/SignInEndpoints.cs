using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.SignIn;

/// <summary>Further endpoints for signing in and out.</summary>
internal static class SignInEndpoints
{
    /// <summary>Maps sign-out and, with a provider, the redirection to it.</summary>
    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        if (app.Services.GetRequiredService<IOptions<ConsoleOptions>>().Value.OpenIdConnect.IsEnabled)
        {
            app.MapGet("/sign-in/provider", Challenge).AllowAnonymous();
        }
    }

    private static ChallengeHttpResult Challenge(string? returnPath) => TypedResults.Challenge(
        new AuthenticationProperties { RedirectUri = ReturnPath.Local(returnPath) }, [OpenIdConnectDefaults.AuthenticationScheme]);

    private static async Task<Results<RedirectHttpResult, BadRequest>> SignOutAsync(
        HttpContext context, IAntiforgery antiforgery, Sessions sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.BadRequest();
        }

        sessions.End(context.User);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.Redirect("/sign-in");
    }
}
