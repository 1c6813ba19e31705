using Microsoft.Extensions.Configuration;
using OpenClaw.ServiceDefaults;

namespace OpenClaw.AppHost;

/// <summary>The AppHost's own settings.</summary>
/// <param name="Redis"><c>OpenClaw:Redis</c>; null: chosen by what this machine has. With <see cref="RedisKind.External"/>,
/// <c>ConnectionStrings:redis</c> is set.</param>
/// <param name="RatingApi"><c>OpenClaw:RatingApi</c>, the address of a real rating API behind the edge; null: the mock.</param>
/// <param name="Port"><c>OpenClaw:Port</c>, the edge's public port, 1 to 65535. Default 8080; null: none, when publishing.</param>
/// <param name="ManagementPort"><c>OpenClaw:ManagementPort</c>, the port in front of the edge's management listeners, 1 to 65535. Default
/// 8081; null: none, when publishing.</param>
internal sealed record AppHostSettings(RedisKind? Redis, string? RatingApi, int? Port, int? ManagementPort)
{
    /// <summary>Settings for a manifest. They are fixed, so that a manifest does not depend on the settings of its author and contains no
    /// connection string; the overlay of a cluster sets those.</summary>
    public static AppHostSettings ForPublishing { get; } = new(null, null, null, null);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="DistributedApplicationException">Settings are invalid. The message has one line per error; if the exception is not
    /// caught, only the message is printed.</exception>
    public static AppHostSettings Read(IConfiguration configuration)
    {
        List<string> wrong = [.. KnownSettings.FindUnknown(configuration)];
        var ports = new PortSettings(configuration, wrong);
        var settings = new AppHostSettings(
            ReadRedis(configuration, wrong),
            ReadRatingApi(configuration["OpenClaw:RatingApi"], wrong),
            ports.Read("OpenClaw:Port", 8080),
            ports.Read("OpenClaw:ManagementPort", 8081));
        return wrong.Count == 0 ? settings : throw Refusal(string.Join(Environment.NewLine, wrong));
    }

    private static RedisKind? ReadRedis(IConfiguration configuration, List<string> wrong)
    {
        var value = configuration["OpenClaw:Redis"];
        switch (value?.ToLowerInvariant())
        {
            case null or "":
                return null;
            case "container":
                return RedisKind.Container;
            case "embedded":
                return RedisKind.Embedded;
            case "external" when !string.IsNullOrWhiteSpace(configuration.GetConnectionString("redis")):
                return RedisKind.External;
            case "external":
                wrong.Add(
                    "OpenClaw:Redis is 'external', which needs a connection string: set ConnectionStrings:redis, such as "
                    + "redis.example.com:6379,password=….");
                return null;
            default:
                wrong.Add($"OpenClaw:Redis is '{value}'; it must be 'container', 'embedded' or 'external', or unset.");
                return null;
        }
    }

    private static string? ReadRatingApi(string? value, List<string> wrong)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address.AbsoluteUri;
        }

        wrong.Add($"OpenClaw:RatingApi is '{value}'; it must be an absolute http or https address, such as https://ratings.example.com.");
        return null;
    }

    /// <summary>An exception that a test can catch. If it is not caught, the process ends with its message instead of a stack
    /// trace.</summary>
    private static DistributedApplicationException Refusal(string message)
    {
        var refusal = new DistributedApplicationException(message);
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject == refusal)
            {
                Console.Error.WriteLine(message);
                Environment.Exit(1);
            }
        };
        return refusal;
    }
}
