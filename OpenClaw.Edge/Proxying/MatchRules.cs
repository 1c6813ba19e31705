using System.Globalization;
using Microsoft.AspNetCore.Routing.Patterns;
using OpenClaw.Edge.Configuration;
using OpenClaw.ServiceDefaults.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Refuses values of a route's <c>Match</c> that routing cannot use, or that never match.</summary>
internal static class MatchRules
{
    /// <summary>The path of a route that sets none.</summary>
    public const string AnyPath = "/{**catchall}";

    /// <returns>The parsed path; null when it is invalid.</returns>
    public static RoutePattern? Check(SettingsNode route, List<string> errors)
    {
        SettingsNode? match = route.Find(nameof(RouteConfig.Match));
        string? text = match?.TextOf(nameof(RouteMatch.Path));
        RoutePattern? path = PathConstraints.Parse(text ?? AnyPath);
        foreach (string constraint in path is null ? [] : PathConstraints.InvalidIn(path))
        {
            errors.Add($"{match?.Path}:{nameof(RouteMatch.Path)} is '{text}'; "
                + $"its constraint '{constraint}' is unknown, or has wrong arguments.");
        }

        foreach (SettingsNode host in match?.ChildrenOf(nameof(RouteMatch.Hosts)).Values ?? [])
        {
            if (host.Value is { Length: > 0 } value && !IsHost(value))
            {
                errors.Add($"{host.Path} is '{value}'; "
                    + "it must be a host such as example.com, *.example.com or *, and may have a port: example.com:8080.");
            }
        }

        foreach (SettingsNode header in match?.ChildrenOf(nameof(RouteMatch.Headers)).Values ?? [])
        {
            if (header.TextOf(nameof(RouteHeader.Name)) is { } name && !HttpToken.IsValid(name))
            {
                errors.Add($"{header.Path}:{nameof(RouteHeader.Name)} is '{name}'; it must be the name of a header.");
            }
        }

        return path;
    }

    private static bool IsHost(string text)
    {
        int colon = text.IndexOf(':');
        string name = colon < 0 ? text : text[..colon];
        string port = colon < 0 ? "*" : text[(colon + 1)..];
        return (port == "*" || IsPort(port))
            && (name == "*" || Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name)
                is UriHostNameType.Dns or UriHostNameType.IPv4);
    }

    private static bool IsPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
}
