using System.Net;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Validates a connection string more strictly than StackExchange.Redis, which reads the rest of a password after a comma as a
/// server's name.</summary>
internal static class RedisConnectionString
{
    private const string Form = "it must be in the format of StackExchange.Redis, such as redis:6379,password=secret,ssl=true.";

    private static readonly string[] Secrets = ["password", "sentinelPassword", "user", "sentinelUser"];

    /// <summary>Describes the error in a connection string without quoting any part of it; null when it is valid.</summary>
    /// <param name="connection">The connection string; null when there is none.</param>
    /// <param name="secretsPlace">Place for secrets that the string cannot contain, as part of a sentence.</param>
    public static string? FindError(string? connection, string secretsPlace)
    {
        if (connection is null)
        {
            return $"is missing; {Form}";
        }

        string ambiguous = "is ambiguous: what follows a user or a password may be a part of it. Name servers first; a secret with a "
            + $"comma, or with white space at an end, goes into {secretsPlace}.";
        var servers = 0;
        HashSet<string> secrets = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connection.Split(','))
        {
            int equals = part.IndexOf('=');
            string name = equals > 0 ? part[..equals].Trim() : "";
            if (Secrets.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                // The client would trim white space, and use the last of several.
                if (!secrets.Add(name) || part[(equals + 1)..] is var secret && secret != secret.Trim())
                {
                    return ambiguous;
                }
            }
            else if (name.Length == 0 && secrets.Count > 0)
            {
                // It could be another server or the rest of the secret.
                return ambiguous;
            }
            else if (name.Length == 0 ? part.Trim().Length > 0 && !IsServer(part) : !IsOption(part))
            {
                return secrets.Count > 0 ? ambiguous : Unreadable;
            }
            else if (name.Length == 0 && part.Trim().Length > 0)
            {
                servers++;
            }
        }

        return servers == 0 ? Unreadable : null;
    }

    private static string Unreadable => $"cannot be read; {Form}";

    private static bool IsServer(string part)
        => Read(part) is { EndPoints: [var server] }
            && (server is not DnsEndPoint { Host: var host } || Uri.CheckHostName(host) != UriHostNameType.Unknown);

    // The client ignores the new name of a command that it does not know: it may be the rest of a secret.
    private static bool IsOption(string part)
        => Read($"localhost,{part}") is { EndPoints.Count: 1 } options
            && (part.TrimStart()[0] != '$' || options.CommandMap.ToString().Length > 0);

    private static ConfigurationOptions? Read(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
