using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds values that are given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter that configuration gives, as <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(Parameter(builder, name, secret, defaultValue: null));

    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">Where the value comes from when configuration does not give it.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether the value is kept in the AppHost's user secrets, and so is the same in the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(Parameter(builder, name, secret, persist ? Persisted(builder, name, value) : value));

    /// <summary>Makes a password that is generated once and kept in the AppHost's user secrets.</summary>
    internal static ParameterResource CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name, bool special) =>
        Parameter(builder, name, secret: true, Persisted(builder, name, new GenerateParameterDefault { MinLength = 22, Special = special }));

    private static ParameterResource Parameter(IDistributedApplicationBuilder builder, string name, bool secret, ParameterDefault? defaultValue) =>
        new(name, fallback => builder.Configuration[$"Parameters:{name}"]
            ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"]
            ?? fallback?.GetDefaultValue()
            ?? throw new DistributedApplicationException($"The parameter '{name}' has no value: set Parameters:{name}."), secret)
        {
            Default = defaultValue,
        };

    private static ParameterDefault Persisted(IDistributedApplicationBuilder builder, string name, ParameterDefault value) =>
        builder.ExecutionContext.IsRunMode && UserSecretsDefault.IsAvailable(builder.AppHostAssembly)
            ? new UserSecretsDefault(builder.AppHostAssembly!, $"Parameters:{name}", value)
            : value;
}
