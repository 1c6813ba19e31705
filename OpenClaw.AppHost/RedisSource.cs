using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.AppHost;

/// <summary>
/// Which Redis the edge counts in: the setting <c>OpenClaw:Redis</c>, else the container where a container runtime has or gets the image and when
/// publishing, else the embedded server.
/// </summary>
internal sealed partial class RedisSource
{
    private const string Setting = "OpenClaw:Redis";
    private const string ImageTag = "8.6";
    private const string Image = $"docker.io/library/redis:{ImageTag}";

    private readonly Kind _kind;
    private readonly string _reason;

    private RedisSource(Kind kind, string reason)
    {
        _kind = kind;
        _reason = reason;
    }

    private enum Kind
    {
        Container,
        Embedded,
        External,
    }

    /// <exception cref="DistributedApplicationException">The setting is none of container, embedded and external.</exception>
    public static RedisSource Choose(IDistributedApplicationBuilder builder) => builder.Configuration[Setting]?.ToLowerInvariant() switch
    {
        "container" => new(Kind.Container, $"{Setting}=container"),
        "embedded" => new(Kind.Embedded, $"{Setting}=embedded"),
        "external" => new(Kind.External, $"{Setting}=external"),
        not (null or "") => throw new DistributedApplicationException(
            $"{Setting} is '{builder.Configuration[Setting]}'; it must be 'container', 'embedded' or 'external', or unset."),
        _ when builder.ExecutionContext.IsPublishMode => new(Kind.Container, "publishing"),
        _ => ByMachine(),
    };

    /// <summary>Adds the chosen one.</summary>
    /// <exception cref="DistributedApplicationException">It is the external one, and nobody said where that is.</exception>
    public IResourceBuilder<IResourceWithConnectionString> AddRedis(IDistributedApplicationBuilder builder, string name) => _kind switch
    {
        Kind.Container => builder.AddRedis(name, password: AddPassword(builder, name)).WithImageTag(ImageTag).WithDataVolume().WithPersistence(),
        Kind.Embedded => AddEmbedded(builder, name, AddPassword(builder, name)),
        _ => builder.AddConnectionString(name, ReferenceExpression.Create($"{builder.Configuration.GetConnectionString(name)
            ?? throw new DistributedApplicationException($"{Setting}=external needs a connection string: set ConnectionStrings:{name}.")}")),
    };

    /// <summary>Says which one it is, and why.</summary>
    public void Log(IServiceProvider services) =>
        LogChoice(services.GetRequiredService<ILoggerFactory>().CreateLogger("OpenClaw.AppHost"), _kind, _reason);

    private static RedisSource ByMachine()
    {
        if (ContainerRuntime.Find() is not { } runtime)
        {
            return new(Kind.Embedded, "no container runtime answers");
        }

        return ContainerRuntime.FetchImage(runtime, Image) is { } problem
            ? new(Kind.Embedded, $"{runtime} answers but cannot get {Image}: {problem}")
            : new(Kind.Container, $"{runtime} answers");
    }

    // Kept in the user secrets: a data volume outlives a run. StackExchange.Redis cannot parse a comma in it.
    private static IResourceBuilder<ParameterResource> AddPassword(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);

    private static IResourceBuilder<ConnectionStringResource> AddEmbedded(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password)
    {
        var server = builder.AddProject<Projects.OpenClaw_DevRedis>($"{name}-server", launchProfileName: null)
            .WithHttpEndpoint()
            .WithEndpoint(scheme: "tcp", name: "tcp", env: "Redis__Port")
            .WithEnvironment("Redis__Password", password)
            .WithHttpHealthCheck("/health");
        var endpoint = server.GetEndpoint("tcp");
        return builder
            .AddConnectionString(name, ReferenceExpression.Create(
                $"{endpoint.Property(EndpointProperty.Host)}:{endpoint.Property(EndpointProperty.Port)},password={password.Resource}"))
            .WaitFor(server);
    }

    [LoggerMessage(1, LogLevel.Information, "Redis: {Kind} ({Reason}).")]
    private static partial void LogChoice(ILogger logger, Kind kind, string reason);
}
