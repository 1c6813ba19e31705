using Microsoft.AspNetCore.Routing.Patterns;
using OpenClaw.Edge.Configuration;
using OpenClaw.ServiceDefaults.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Refuses transforms that YARP accepts and that would fail each request, or change nothing.</summary>
internal static class TransformRules
{
    private static readonly string[] Headers =
    [
        "RequestHeader", "RequestHeaderRemove", "RequestHeaderRouteValue", "ResponseHeader", "ResponseHeaderRemove", "ResponseTrailer",
        "ResponseTrailerRemove", "ClientCert",
    ];

    private static readonly string[] RouteValues = ["QueryRouteParameter", "RequestHeaderRouteValue"];

    private static readonly string[] HeaderLists = ["RequestHeadersAllowed", "ResponseHeadersAllowed", "ResponseTrailersAllowed"];

    private static readonly string[] Actions = ["Set", "Append"];

    /// <summary>Headers of one connection. The edge writes its own.</summary>
    private static readonly string[] OfTheConnection =
        ["Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"];

    /// <param name="transform">The transform.</param>
    /// <param name="path">The path of its route; null when it is invalid.</param>
    /// <param name="errors">Receives the errors.</param>
    public static void Check(SettingsNode transform, RoutePattern? path, List<string> errors)
    {
        if (transform.TextOf("HeaderPrefix") is { } prefix && !prefix.Equals("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add($"{transform.Path}:HeaderPrefix is '{prefix}'; it must be X-Forwarded-, "
                + "since the edge drops only those headers from requests of untrusted clients.");
        }

        CheckHeaders(transform, errors);
        CheckMethods(transform, errors);
        CheckPaths(transform, path, errors);
        foreach (string _ in RouteValues.Where(name => transform.TextOf(name) is not null))
        {
            foreach (string action in Actions)
            {
                if (transform.TextOf(action) is { } parameter)
                {
                    CheckParameter(transform, action, parameter, path, errors);
                }
            }
        }
    }

    private static void CheckHeaders(SettingsNode transform, List<string> errors)
    {
        foreach (string setting in Headers)
        {
            if (transform.TextOf(setting) is not { } name)
            {
                continue;
            }

            if (!HttpToken.IsValid(name))
            {
                errors.Add($"{transform.Path}:{setting} is '{name}'; it must be the name of a header.");
            }
            else if (setting is "RequestHeader" or "RequestHeaderRouteValue" or "ResponseHeader"
                && OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add($"{transform.Path}:{setting} is '{name}'; "
                    + "the edge sets this header itself for each of its connections: remove the transform.");
            }

            foreach (string action in Actions)
            {
                if (transform.TextOf(action) is { } value && value.Any(c => char.IsControl(c) && c != '\t'))
                {
                    errors.Add($"{transform.Path}:{action} has control characters; it must be a header value of one line.");
                }
            }
        }

        foreach (string setting in HeaderLists)
        {
            foreach (string name in transform.TextOf(setting)?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
            {
                if (!HttpToken.IsValid(name))
                {
                    errors.Add($"{transform.Path}:{setting} has '{name}'; it must be names of headers, separated by semicolons.");
                }
            }
        }
    }

    private static void CheckMethods(SettingsNode transform, List<string> errors)
    {
        const string Change = "HttpMethodChange";
        foreach (string setting in transform.TextOf(Change) is null ? [] : new[] { Change, "Set" })
        {
            if (transform.TextOf(setting) is { } method && !HttpToken.IsValid(method))
            {
                errors.Add($"{transform.Path}:{setting} is '{method}'; it must be an HTTP method.");
            }
        }
    }

    private static void CheckPaths(SettingsNode transform, RoutePattern? path, List<string> errors)
    {
        const string Pattern = "PathPattern";
        foreach (string setting in new[] { "PathPrefix", "PathSet", Pattern })
        {
            if (transform.TextOf(setting) is { } text && text.Contains('%'))
            {
                errors.Add($"{transform.Path}:{setting} is '{text}'; it must be a path without escapes (%): the edge encodes it.");
            }
        }

        if (transform.TextOf(Pattern) is not { } pattern || PathConstraints.Parse(pattern) is not { } target)
        {
            return;
        }

        foreach (string constraint in PathConstraints.InvalidIn(target))
        {
            errors.Add($"{transform.Path}:{Pattern} is '{pattern}'; its constraint '{constraint}' is unknown, or has wrong arguments.");
        }

        foreach (RoutePatternParameterPart parameter in target.Parameters)
        {
            CheckParameter(transform, Pattern, parameter.Name, path, errors);
        }
    }

    private static void CheckParameter(
        SettingsNode transform, string setting, string parameter, RoutePattern? path, List<string> errors)
    {
        if (path is not null && path.GetParameter(parameter) is null)
        {
            errors.Add($"{transform.Path}:{setting} names the parameter '{parameter}'; "
                + $"{nameof(RouteMatch.Path)} of the route has: {SettingNames.List(path.Parameters.Select(part => part.Name))}.");
        }
    }
}
