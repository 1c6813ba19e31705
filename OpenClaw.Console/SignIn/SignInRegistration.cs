using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OpenClaw.Console.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Console.SignIn;

/// <summary>Registers sign-in with a cookie, after the admin key or an OpenID Connect provider.</summary>
internal static class SignInRegistration
{
    private static readonly string[] NameClaims = ["email", "preferred_username", "name", "sub"];

    /// <summary>Registers sign-in. It is required for all endpoints that are not marked anonymous.</summary>
    public static void AddConsoleSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminKeyCheck>();
        builder.Services.AddSingleton<AttemptLimiter>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthorization();
        builder.Services.AddScoped<AuthenticationStateProvider, SessionEnd>();
        AuthenticationBuilder authentication = builder.Services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "openclaw-console";
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.LoginPath = "/sign-in";
                cookie.ReturnUrlParameter = "returnPath";
                cookie.SlidingExpiration = false;
                cookie.Events.OnValidatePrincipal = ValidateAsync;
            });
        builder.Services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<ConsoleOptions>>((cookie, console) => cookie.ExpireTimeSpan = console.Value.SessionLifetime);

        OpenIdConnectSettings settings =
            StrictSettings.Read<OpenIdConnectSettings>(builder.Configuration, $"{ConsoleOptions.Section}:OpenIdConnect", []);
        if (settings.IsEnabled)
        {
            authentication.AddOpenIdConnect(openId => Configure(openId, settings));
        }
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (!SessionsOf(context.HttpContext).IsValid(context.Principal!))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }

    private static void Configure(OpenIdConnectOptions openId, OpenIdConnectSettings settings)
    {
        openId.Authority = settings.Authority;
        openId.ClientId = settings.ClientId;
        openId.ClientSecret = settings.ClientSecret.Length == 0 ? null : settings.ClientSecret;
        openId.RequireHttpsMetadata = settings.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        openId.ResponseType = OpenIdConnectResponseType.Code;
        openId.ResponseMode = OpenIdConnectResponseMode.Query;
        openId.MapInboundClaims = false;
        openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
        openId.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        openId.NonceCookie.SameSite = SameSiteMode.Lax;
        openId.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        openId.GetClaimsFromUserInfoEndpoint = false;
        openId.Scope.Clear();
        foreach (string scope in settings.Scopes.Count > 0 ? settings.Scopes.Prepend("openid") : ["openid", "profile", "email"])
        {
            openId.Scope.Add(scope);
        }

        openId.Events.OnTokenValidated = context => AcceptAsync(context, settings);
        openId.Events.OnRemoteFailure = context =>
        {
            Log.SignInRefused(
                LoggerOf(context.HttpContext), context.HttpContext.Connection.RemoteIpAddress, context.Failure?.Message ?? "unknown");
            context.Response.Redirect($"/sign-in?failure={(context.Failure is NotAllowedException ? "notAllowed" : "provider")}");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private static Task AcceptAsync(TokenValidatedContext context, OpenIdConnectSettings settings)
    {
        ClaimsPrincipal user = context.Principal!;
        if (settings.RequiredClaim.Length > 0 && !user.HasClaim(settings.RequiredClaim, settings.RequiredValue))
        {
            context.Fail(new NotAllowedException($"the claim {settings.RequiredClaim} lacks {settings.RequiredValue}"));
            return Task.CompletedTask;
        }

        IEnumerable<string> names = settings.NameClaim.Length > 0 ? NameClaims.Prepend(settings.NameClaim) : NameClaims;
        context.Principal = SessionsOf(context.HttpContext).Begin(
            names.Select(name => user.FindFirst(name)?.Value).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)));
        context.Properties!.IsPersistent = false;
        Log.SignedIn(LoggerOf(context.HttpContext), Operator.NameOf(context.Principal), context.HttpContext.Connection.RemoteIpAddress);
        return Task.CompletedTask;
    }

    private static Sessions SessionsOf(HttpContext context) => context.RequestServices.GetRequiredService<Sessions>();

    private static ILogger LoggerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SignInRegistration).FullName!);

    private sealed class NotAllowedException(string message) : Exception(message);
}
