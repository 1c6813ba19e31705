using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.SignIn;

/// <summary>Ends the sign-in of an open page, because its connection outlives the cookie.</summary>
internal sealed class SessionEnd(ILoggerFactory loggers, IOptions<ConsoleOptions> options, TimeProvider time)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly DateTimeOffset _end = time.GetUtcNow() + options.Value.SessionLifetime;

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken cancellation) =>
        Task.FromResult(time.GetUtcNow() < _end);
}
