namespace Aspire.Hosting;

/// <summary>Adds values that are given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">Where the value comes from when configuration does not give it.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether the value is kept in the AppHost's user secrets, and so is the same in the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        if (persist && builder.ExecutionContext.IsRunMode && UserSecretsDefault.IsAvailable(builder.AppHostAssembly))
        {
            value = new UserSecretsDefault(builder.AppHostAssembly!, $"Parameters:{name}", value);
        }

        return builder.AddResource(new ParameterResource(
            name,
            fallback => builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"] ?? fallback!.GetDefaultValue(),
            secret) { Default = value });
    }
}
