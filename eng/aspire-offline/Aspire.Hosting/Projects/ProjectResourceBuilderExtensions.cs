namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with the launch profile named like the AppHost's own, else its first.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        Add(builder, name, new TProject(), project => LaunchProfile.Find(project, name: null, builder.Configuration["DOTNET_LAUNCH_PROFILE"]));

    /// <summary>Adds a project with the launch profile of a name; null: with none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        Add(builder, name, new TProject(), project => launchProfileName is null ? default : LaunchProfile.Find(project, launchProfileName, appHostProfile: null));

    /// <summary>Runs the project as several processes behind one endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Lets a published project not trust X-Forwarded-For and the like.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new ForwardedHeadersDisabledAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Func<string, (string? Name, LaunchProfile? Profile)> find)
    {
        var (profileName, profile) = find(metadata.ProjectPath);
        var project = builder.AddResource(new ProjectResource(name))
            .WithAnnotation(metadata)
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        foreach (var url in profile?.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url)) ?? [])
        {
            // Who deploys says which ports; that there is http, or https, is the project's to say.
            project.WithEndpoint(port: builder.ExecutionContext.IsRunMode ? url.Port : null, scheme: url.Scheme);
        }

        if (!builder.ExecutionContext.IsRunMode)
        {
            return project.WithEnvironment(SetPublishDefaults);
        }

        foreach (var (variable, value) in profile?.EnvironmentVariables ?? [])
        {
            project.WithEnvironment(variable, Environment.ExpandEnvironmentVariables(value));
        }

        return (profileName is null ? project : project.WithEnvironment("DOTNET_LAUNCH_PROFILE", profileName)).WithRunDefaults();
    }

    private static IResourceBuilder<ProjectResource> WithRunDefaults(this IResourceBuilder<ProjectResource> builder)
    {
        if (builder.ApplicationBuilder.Environment.IsDevelopment())
        {
            builder.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        // Console output is read by a person, through the dashboard.
        return builder.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple")
            .WithEnvironment("LOGGING__CONSOLE__FORMATTEROPTIONS__TIMESTAMPFORMAT", "yyyy-MM-ddTHH:mm:ss.fffffff ")
            .WithEnvironment(SetUrls);
    }

    private static void SetPublishDefaults(EnvironmentContext context)
    {
        var project = (ProjectResource)context.Resource;
        if (project.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.UriScheme == "http") is { } http)
        {
            if (!project.Annotations.OfType<ForwardedHeadersDisabledAnnotation>().Any())
            {
                context.Variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            context.Variables.TryAdd("HTTP_PORTS", new EndpointReference(project, http.Name).Property(EndpointProperty.TargetPort));
        }
    }

    private static void SetUrls(EnvironmentContext context)
    {
        var owner = (ProjectResource)context.Resource;
        var urls = owner.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.IsHttp)
            .Select(endpoint => ReferenceExpression.Create(
                $"{endpoint.UriScheme}://{endpoint.TargetHost}:{new EndpointReference(owner, endpoint.Name).Property(EndpointProperty.TargetPort)}"))
            .ToArray();
        if (urls.Length > 0)
        {
            context.Variables.TryAdd("ASPNETCORE_URLS", urls.Aggregate((all, next) => ReferenceExpression.Create($"{all};{next}")));
        }
    }
}
