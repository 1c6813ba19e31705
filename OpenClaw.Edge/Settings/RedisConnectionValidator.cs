using System.Net;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Settings;

/// <summary>Checks how Redis is connected to, together with everything else: the client names neither the setting nor, where it is empty, what is.</summary>
internal sealed class RedisConnectionValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    private const string Form = "it must be as StackExchange.Redis writes it, such as redis:6379,password=secret,ssl=true.";

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        if (configuration.GetConnectionString("redis") is not { } connection)
        {
            // The component has a section of its own, which says it just as well.
            return configuration.GetSection("Aspire:StackExchange:Redis").Exists()
                ? ValidateOptionsResult.Skip
                : ValidateOptionsResult.Fail($"ConnectionStrings:redis is missing; {Form}");
        }

        // Not what is wrong with it: it may be a password with a comma in it.
        return CanBeRead(connection) ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"ConnectionStrings:redis cannot be read; {Form}");
    }

    private static bool CanBeRead(string connection)
    {
        try
        {
            EndPointCollection servers = ConfigurationOptions.Parse(connection).EndPoints;
            return servers.Count > 0 && servers.OfType<DnsEndPoint>().All(server => IsHost(server.Host));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }

    // The client takes redis://host:6379 for the name of a host, and goes on trying to find it.
    private static bool IsHost(string host) => !host.AsSpan().ContainsAny("/:@ ");
}
