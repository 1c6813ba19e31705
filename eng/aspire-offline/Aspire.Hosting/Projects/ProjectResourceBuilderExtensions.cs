using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, with the launch profile named like the AppHost's own, else its first.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="launchProfileName">The launch profile to use; null: none.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, options =>
        {
            options.ExcludeLaunchProfile = launchProfileName is null;
            options.LaunchProfileName = launchProfileName;
        });

    /// <summary>Adds a project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var metadata = new TProject();
        var (profileName, profile) = options.ExcludeLaunchProfile
            ? default
            : LaunchProfile.Find(metadata.ProjectPath, options.LaunchProfileName, builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        return builder.ExecutionContext.IsRunMode
            ? project.WithRunDefaults(profileName, profile)
            : project.WithPublishDefaults(profile);
    }

    /// <summary>Runs the project as several processes behind one endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Lets a published project not trust X-Forwarded-For and the like.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new ForwardedHeadersDisabledAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> WithRunDefaults(this IResourceBuilder<ProjectResource> builder, string? profileName, LaunchProfile? profile)
    {
        builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ApplicationBuilder.Environment.IsDevelopment())
        {
            builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        // Console output is read by a person, through the dashboard.
        builder.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple")
            .WithEnvironment("LOGGING__CONSOLE__FORMATTEROPTIONS__TIMESTAMPFORMAT", "yyyy-MM-ddTHH:mm:ss.fffffff ")
            .WithEnvironment(SetUrls);

        foreach (var url in profile?.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url)) ?? [])
        {
            builder.WithEndpoint(port: url.Port, scheme: url.Scheme);
        }

        return profile is null ? builder : builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profileName!);
            foreach (var (name, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
            }
        });
    }

    private static IResourceBuilder<ProjectResource> WithPublishDefaults(this IResourceBuilder<ProjectResource> builder, LaunchProfile? profile)
    {
        var project = builder.Resource;
        builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory").WithEnvironment(context =>
        {
            var http = project.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme == "http").ToArray();
            if (http.Length > 0 && !project.Annotations.OfType<ForwardedHeadersDisabledAnnotation>().Any())
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            if (http.FirstOrDefault() is { } first)
            {
                context.EnvironmentVariables.TryAdd("HTTP_PORTS", new EndpointReference(project, first.Name).Property(EndpointProperty.TargetPort));
            }
        });

        // A web project has both by default; what the endpoints are is up to who deploys it.
        return profile?.ApplicationUrl is null ? builder : builder
            .WithEndpoint("http", endpoint => endpoint.UriScheme = "http")
            .WithEndpoint("https", endpoint => endpoint.UriScheme = "https");
    }

    private static void SetUrls(EnvironmentCallbackContext context)
    {
        var owner = (ProjectResource)context.Resource;
        var urls = owner.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http" or "https")
            .Select(endpoint => ReferenceExpression.Create(
                $"{endpoint.UriScheme}://{endpoint.TargetHost}:{new EndpointReference(owner, endpoint.Name).Property(EndpointProperty.TargetPort)}"))
            .ToArray();
        if (urls.Length > 0)
        {
            context.EnvironmentVariables.TryAdd(
                "ASPNETCORE_URLS", urls.Aggregate((all, next) => ReferenceExpression.Create($"{all};{next}")));
        }
    }
}
