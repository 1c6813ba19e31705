using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace OpenClaw.Console.SignIn;

/// <summary>Signs an open page out within five seconds of the end of its session, because its connection outlives the cookie.</summary>
internal sealed class SessionEnd(ILoggerFactory loggers, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken cancellation) =>
        Task.FromResult(sessions.IsValid(state.User));
}
