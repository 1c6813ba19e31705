namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project, with the launch profile named like the AppHost's own, else its first.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), metadata =>
            LaunchProfile.Find(metadata.ProjectPath, name: null, builder.Configuration["DOTNET_LAUNCH_PROFILE"]));

    /// <summary>Adds a project with a launch profile; null: none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), metadata =>
            launchProfileName is null ? default : LaunchProfile.Find(metadata.ProjectPath, launchProfileName, appHostProfile: null));

    /// <summary>Runs the project as several processes behind one endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Lets a published project not trust X-Forwarded-For and the like.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new ForwardedHeadersDisabledAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Func<IProjectMetadata, (string? Name, LaunchProfile? Profile)> findProfile)
    {
        var (profileName, profile) = findProfile(metadata);
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        return builder.ExecutionContext.IsRunMode
            ? project.WithRunDefaults(profileName, profile)
            : project.WithPublishDefaults(profile);
    }

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
            context.Variables.TryAdd("DOTNET_LAUNCH_PROFILE", profileName!);
            foreach (var (name, value) in profile.EnvironmentVariables)
            {
                context.Variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
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
                context.Variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            if (http.FirstOrDefault() is { } first)
            {
                context.Variables.TryAdd("HTTP_PORTS", new EndpointReference(project, first.Name).Property(EndpointProperty.TargetPort));
            }
        });

        // A web project has both by default; what the endpoints are is up to who deploys it.
        return profile?.ApplicationUrl is null ? builder : builder
            .WithEndpoint(scheme: "http")
            .WithEndpoint(scheme: "https");
    }

    private static void SetUrls(EnvironmentContext context)
    {
        var owner = (ProjectResource)context.Resource;
        var urls = owner.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http" or "https")
            .Select(endpoint => ReferenceExpression.Create(
                $"{endpoint.UriScheme}://{endpoint.TargetHost}:{new EndpointReference(owner, endpoint.Name).Property(EndpointProperty.TargetPort)}"))
            .ToArray();
        if (urls.Length > 0)
        {
            context.Variables.TryAdd(
                "ASPNETCORE_URLS", urls.Aggregate((all, next) => ReferenceExpression.Create($"{all};{next}")));
        }
    }
}
