using OpenClaw.Notifier.Options;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Configuration;

/// <summary>Validates the connection string. The client's own error does not name the setting and may quote a part of a password.</summary>
internal static class RedisConnectionText
{
    public const string Path = "ConnectionStrings:redis";

    private const string Form = "it must be in the format of StackExchange.Redis, such as redis:6379,user=notifier,password=secret";

    /// <summary>Describes the error in the connection string without quoting any part of it; null when it is valid.</summary>
    public static string? FindError(IConfiguration configuration)
    {
        if (configuration[Path] is not { Length: > 0 } text)
        {
            return configuration.GetSection("Aspire:StackExchange:Redis").Exists() ? null : $"{Path} is missing; {Form}.";
        }

        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0 && !HasPieceOfPassword(text) ? null : Unreadable;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return Unreadable;
        }
    }

    private static string Unreadable =>
        $"{Path} cannot be read; {Form}. Servers come first, and a password with a comma goes into "
        + $"{NotifierOptions.Section}:Redis:Password.";

    // The client reads the text after a comma in a password as the name of another server.
    private static bool HasPieceOfPassword(string text) => text.Split(',')
        .SkipWhile(part => !part.TrimStart().StartsWith("password", StringComparison.OrdinalIgnoreCase))
        .Any(part => !part.Contains('=') && part.Trim().Length > 0);
}
