using OpenClaw.ServiceDefaults.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Proxying;

/// <summary>Refuses settings of destinations that YARP accepts and that would have no effect, or fail each request.</summary>
internal static class DestinationRules
{
    private const string Address = nameof(DestinationConfig.Address);
    private const string Health = nameof(DestinationConfig.Health);
    private const string Host = nameof(DestinationConfig.Host);

    /// <param name="destination">The destination.</param>
    /// <param name="services">The services that service discovery knows.</param>
    /// <param name="errors">Receives the errors.</param>
    public static void Check(SettingsNode destination, SettingsNode services, List<string> errors)
    {
        Uri? address = CheckAddress(destination, Address, errors);
        Uri? health = CheckAddress(destination, Health, errors);
        if (destination.TextOf(Address) is null)
        {
            errors.Add($"{destination.Path}:{Address} is missing; it must be an address that begins with http:// or https://.");
        }

        if (address is not null && health is not null && services.Find(ServiceOf(address)) is not null
            && !health.Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add($"{destination.Path}:{Health} has the host '{health.Host}'; it must have the host '{address.Host}' of {Address}, "
                + "since each endpoint of the service is probed at its own address.");
        }

        if (destination.TextOf(Host) is { } host && !IsHost(host))
        {
            errors.Add($"{destination.Path}:{Host} is '{host}'; it must be a host, and may have a port: example.com:8080.");
        }

        foreach (SettingsNode metadata in destination.ChildrenOf(nameof(DestinationConfig.Metadata)).Values)
        {
            errors.Add($"{metadata.Path} has no effect: nothing reads metadata of destinations. Remove it.");
        }
    }

    /// <summary>The address; null when it is missing or invalid. Errors do not show it, because it may contain a password.</summary>
    private static Uri? CheckAddress(SettingsNode destination, string name, List<string> errors)
    {
        if (!Uri.TryCreate(destination.TextOf(name), UriKind.Absolute, out Uri? address))
        {
            return null;
        }

        (string Part, string Text)[] parts = [("user name", address.UserInfo), ("query", address.Query), ("fragment", address.Fragment)];
        foreach ((string part, _) in parts.Where(part => part.Text.Length > 0))
        {
            errors.Add($"{destination.Path}:{name} has a {part}, which would not be used; it must be a scheme, host, port and path.");
        }

        return address;
    }

    /// <summary>The service that an address names: <c>http://_admin.rating-api</c> is the endpoint <c>admin</c> of
    /// <c>rating-api</c>.</summary>
    private static string ServiceOf(Uri address) => address.Host is ['_', ..] host ? host[(host.IndexOf('.') + 1)..] : address.Host;

    private static bool IsHost(string text) =>
        ForwardedText.IsHost(text) && Uri.TryCreate($"http://{text}", UriKind.Absolute, out Uri? address)
        && address is { Port: > 0, PathAndQuery: "/" } && Uri.CheckHostName(address.Host) != UriHostNameType.Unknown;
}
