using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.SignIn;

/// <summary>Sign-ins of operators. One ends <see cref="ConsoleOptions.SessionLifetime"/> after it began, when its operator signs out of
/// this process, and when the admin key changes. The claims of its cookie say the rest.</summary>
internal sealed class Sessions(IOptions<ConsoleOptions> options, TimeProvider time)
{
    private const string IdClaim = "session";
    private const string BeginClaim = "session-begin";
    private const string KeyClaim = "session-key";
    private const int FingerprintBytes = 16;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _signedOut = new();
    private readonly string _fingerprint = Fingerprint(options.Value.AdminKey);

    /// <summary>Begins a session.</summary>
    /// <param name="name">Name of the operator, see <see cref="Operator.Create"/>.</param>
    /// <returns>The principal for the cookie.</returns>
    public ClaimsPrincipal Begin(string? name) => Operator.Create(
        name,
        new Claim(IdClaim, RandomNumberGenerator.GetHexString(32)),
        new Claim(BeginClaim, time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        new Claim(KeyClaim, _fingerprint));

    /// <summary>Whether the session goes on. False for principals without a session.</summary>
    public bool IsValid(ClaimsPrincipal user) =>
        user.FindFirst(IdClaim)?.Value is { } id && !_signedOut.ContainsKey(id)
        && user.HasClaim(KeyClaim, _fingerprint)
        && EndOf(user) > time.GetUtcNow();

    /// <summary>Ends a session when its operator signs out. Its id is kept until the session would have ended anyway.</summary>
    public void End(ClaimsPrincipal user)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string past, _) in _signedOut.Where(session => session.Value <= now))
        {
            _signedOut.TryRemove(past, out _);
        }

        if (IsValid(user))
        {
            _signedOut[user.FindFirst(IdClaim)!.Value] = EndOf(user);
        }
    }

    private DateTimeOffset EndOf(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirst(BeginClaim)?.Value, CultureInfo.InvariantCulture, out long begin)
            ? DateTimeOffset.FromUnixTimeSeconds(begin) + options.Value.SessionLifetime
            : DateTimeOffset.MinValue;

    private static string Fingerprint(string key) => Convert.ToHexString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "OpenClaw.Console session"u8).AsSpan(0, FingerprintBytes));
}
