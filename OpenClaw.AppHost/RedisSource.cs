using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.AppHost;

/// <summary>Chooses the Redis for the edge's buckets. When publishing, the container. Otherwise the kind in <c>OpenClaw:Redis</c>; without
/// that setting, the container if a container runtime has the image or can pull it, else a local server: an installed one, or the one
/// embedded in OpenClaw.DevRedis.</summary>
internal sealed partial class RedisSource
{
    private const string ImageTag = "8.6";
    private const string Image = $"docker.io/library/redis:{ImageTag}";

    private readonly RedisKind _kind;
    private readonly string _reason;

    private RedisSource(RedisKind kind, string reason, ContainerRuntime? runtime)
    {
        _kind = kind;
        _reason = reason;
        Runtime = runtime;
    }

    /// <summary>The container runtime of this machine; null if there is none, and when publishing.</summary>
    public ContainerRuntime? Runtime { get; }

    /// <param name="chosen">Value of the setting; null if it is not set.</param>
    /// <param name="context">Whether this is a run or a publish.</param>
    public static RedisSource Choose(RedisKind? chosen, DistributedApplicationExecutionContext context)
    {
        if (context.IsPublishMode)
        {
            return new(RedisKind.Container, "a manifest is written", null);
        }

        var runtime = ContainerRuntime.Find();
        return chosen is { } kind ? new(kind, "OpenClaw:Redis is set", runtime) : ByMachine(runtime);
    }

    /// <summary>Adds the chosen Redis.</summary>
    public IResourceBuilder<IResourceWithConnectionString> AddRedis(IDistributedApplicationBuilder builder, string name) => _kind switch
    {
        RedisKind.Container => builder.AddRedis(name, password: AddPassword(builder, name))
            .WithImageTag(ImageTag)
            .WithDataVolume(DataVolume(builder, name))
            .WithPersistence(),
        RedisKind.Embedded => AddEmbedded(builder, name, AddPassword(builder, name)),
        _ => builder.AddConnectionString(name, ReferenceExpression.Create($"{builder.Configuration.GetConnectionString(name)}")),
    };

    /// <summary>Logs the choice and its reason.</summary>
    public void Log(IServiceProvider services) =>
        LogChoice(services.GetRequiredService<ILoggerFactory>().CreateLogger("OpenClaw.AppHost"), Name(_kind), _reason);

    private static RedisSource ByMachine(ContainerRuntime? runtime) =>
        runtime is null ? new(RedisKind.Embedded, "no container runtime is running", null)
        : runtime.FetchImage(Image, Console.Out) is { } problem
            ? new(RedisKind.Embedded, $"{runtime.Command} cannot get {Image} ({problem.TrimEnd('.')})", runtime)
        : new(RedisKind.Container, $"{runtime.Command} has {Image}", runtime);

    private static string Name(RedisKind kind) => kind switch
    {
        RedisKind.Container => "a container",
        RedisKind.Embedded => "the local server (installed, or else embedded)",
        _ => "the one of ConnectionStrings:redis",
    };

    // aspirate names the Kubernetes claim after the volume. Locally Aspire generates the name, so that two checkouts do not share data.
    private static string? DataVolume(IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode ? $"{name}-data" : null;

    // Stored in the user secrets, because a data volume outlives a run. No special characters: StackExchange.Redis cannot parse a comma in
    // it.
    private static IResourceBuilder<ParameterResource> AddPassword(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(
            $"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);

    private static IResourceBuilder<EmbeddedRedis> AddEmbedded(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password) =>
        builder.AddResource(new EmbeddedRedis(name, password.Resource))
            .WithAnnotation(new Projects.OpenClaw_DevRedis())
            .WithProjectDefaults(new ProjectResourceOptions { ExcludeLaunchProfile = true })
            .StartedFromItsBuild()
            .WithIconName("Database")
            .WithAppHostEnvironment()
            .WithManagementEndpoint()
            .WithEndpoint(scheme: "tcp", name: EmbeddedRedis.EndpointName, env: "Redis__Port")
            .WithEnvironment("Redis__Password", password)
            .WithoutLink(EmbeddedRedis.EndpointName);

    [LoggerMessage(1, LogLevel.Information, "Redis is {Server}, because {Reason}.")]
    private static partial void LogChoice(ILogger logger, string server, string reason);
}
