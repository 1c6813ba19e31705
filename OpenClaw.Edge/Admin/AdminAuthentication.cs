using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;

namespace OpenClaw.Edge.Admin;

/// <summary>Answers 401 to every request without the admin key, for unknown paths too. Endpoints marked anonymous are exempt: in
/// Development, the API's description. Compares hashes in constant time, so that timing reveals neither content nor length of the key.
/// There is no lockout: the key is too long to guess, and a scanner could use a lockout to keep the operator out.</summary>
internal sealed class AdminAuthentication(RequestDelegate next, string key, UnauthorizedLog log)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || IsAuthentic(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        log.Warn(context.Connection.RemoteIpAddress);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized, detail: "Send the admin key as 'Authorization: Bearer <key>'.")
            .ExecuteAsync(context);
    }

    private bool IsAuthentic(Microsoft.Extensions.Primitives.StringValues authorization) =>
        authorization is [{ } credentials]
        && credentials.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(credentials[Scheme.Length..])), _hash);
}
