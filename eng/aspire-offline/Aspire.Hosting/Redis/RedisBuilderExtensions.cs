namespace Aspire.Hosting;

/// <summary>Adds Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a Redis server in a container, with a health check.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's and the connection string's name.</param>
    /// <param name="port">The port that clients use; null: any free one.</param>
    /// <param name="password">The server's password; null: a generated one.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        // StackExchange.Redis cannot parse a password with a comma.
        password ??= builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
        var redis = new RedisResource(name, password.Resource) { Entrypoint = "/bin/sh" };
        var healthCheck = $"{name}_check";
        builder.Services.AddHealthChecks().AddRedis(
            _ => redis.ConnectionStringExpression.GetValueAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult()!, healthCheck);

        return builder.AddResource(redis)
            .WithEndpoint(port, targetPort: 6379, scheme: "redis", name: RedisResource.PrimaryEndpointName)
            .WithAnnotation(new ContainerImageAnnotation("docker.io", "library/redis", "8.6"))
            .WithAnnotation(new HealthCheckAnnotation(healthCheck))
            .WithEnvironment("REDIS_PASSWORD", password)
            .WithAnnotation(new ArgumentsAnnotation(() =>
            {
                // The shell takes the password from the environment, so that it is on no command line outside the container.
                var persistence = redis.Annotations.OfType<PersistenceAnnotation>().LastOrDefault();
                var save = persistence is null ? string.Empty : string.Create(
                    CultureInfo.InvariantCulture, $" --save {persistence.Interval.TotalSeconds} {persistence.KeysChanged}");
                return ["-c", $"redis-server --requirepass $REDIS_PASSWORD{save}"];
            }));
    }

    /// <summary>Keeps the data in a volume, and so over restarts; see <see cref="WithPersistence"/>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name. Default: made from the AppHost's and the resource's.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.WithAnnotation(new ContainerMountAnnotation(name ?? VolumeName(builder), "/data", ContainerMountType.Volume, isReadOnly));
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Lets the server save its data.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">How often. Default: one minute.</param>
    /// <param name="keysChangedThreshold">Only when so many keys changed. Default: 1.</param>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) => builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromMinutes(1), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    private static string VolumeName(IResourceBuilder<RedisResource> builder)
    {
        var application = builder.ApplicationBuilder.Environment.ApplicationName.ToLowerInvariant();
        // Two checkouts in one machine do not share data; when publishing, the name does not depend on the machine.
        var origin = builder.ApplicationBuilder.ExecutionContext.IsPublishMode ? application : builder.ApplicationBuilder.AppHostDirectory;
        return $"{application}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..10]}-{builder.Resource.Name}-data";
    }

    private sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation;
}
