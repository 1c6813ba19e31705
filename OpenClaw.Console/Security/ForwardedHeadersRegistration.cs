using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.Security;

/// <summary>Uses forwarding headers from trusted proxies only.</summary>
internal static class ForwardedHeadersRegistration
{
    /// <summary>Takes client address, scheme and host from the headers of <see cref="ConsoleOptions.TrustedNetworks"/>.</summary>
    public static void UseConsoleForwardedHeaders(this WebApplication app)
    {
        IReadOnlyList<string> trusted = app.Services.GetRequiredService<IOptions<ConsoleOptions>>().Value.TrustedNetworks;
        if (trusted.Count == 0)
        {
            return;
        }

        ForwardedHeadersOptions options = new()
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string text in trusted)
        {
            if (IPAddress.TryParse(text, out IPAddress? address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(text));
            }
        }

        app.UseForwardedHeaders(options);
    }
}
