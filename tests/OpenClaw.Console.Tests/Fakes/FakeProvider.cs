using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>An OpenID Connect provider that signs in every visitor at once, as the same user.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "console";
    public const string ClientSecret = "a-client-secret";

    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, string> _nonces = new();

    private FakeProvider()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Address,
            ["authorization_endpoint"] = $"{Address}/authorize",
            ["token_endpoint"] = $"{Address}/token",
            ["jwks_uri"] = $"{Address}/keys",
        });
        _app.MapGet("/keys", () => new Dictionary<string, object> { ["keys"] = new[] { Key() } });
        _app.MapGet("/authorize", (HttpRequest request) =>
        {
            string code = Guid.NewGuid().ToString("N");
            _nonces[code] = request.Query["nonce"]!;
            Assert.NotEmpty((string)request.Query["code_challenge"]!);
            return Results.Redirect($"{request.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(request.Query["state"]!)}");
        });
        _app.MapPost("/token", async (HttpRequest request) =>
        {
            IFormCollection form = await request.ReadFormAsync();
            return form["client_secret"] == ClientSecret && _nonces.TryRemove(form["code"]!, out string? nonce)
                ? Results.Json(new Dictionary<string, object>
                {
                    ["id_token"] = Token(nonce),
                    ["access_token"] = "unused",
                    ["token_type"] = "Bearer",
                })
                : Results.BadRequest();
        });
    }

    public string Address { get; } = $"http://127.0.0.1:{LoopbackPort.Free()}";

    public static async Task<FakeProvider> StartAsync()
    {
        FakeProvider provider = new();
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private string Token(string nonce) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Address,
        Audience = ClientId,
        Expires = DateTime.UtcNow.AddMinutes(5),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = "42",
            ["email"] = "carol@example.com",
            ["nonce"] = nonce,
            ["groups"] = new[] { "developers", "operators" },
        },
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
    });

    private Dictionary<string, string> Key()
    {
        RSAParameters parameters = _rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = "1",
            ["alg"] = "RS256",
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}
