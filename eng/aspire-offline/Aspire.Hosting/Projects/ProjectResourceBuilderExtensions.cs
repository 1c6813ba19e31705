namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="launchProfileName">Only null: the AppHost says everything.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
        {
            throw new DistributedApplicationException($"Project '{name}': the offline Aspire applies no launch profiles to projects; use launchProfileName: null.");
        }

        var project = builder.AddResource(new ProjectResource(name))
            .WithAnnotation(new TProject())
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        return builder.ExecutionContext.IsRunMode ? project.WithRunDefaults() : project.WithEnvironment(SetPublishDefaults);
    }

    /// <summary>Runs the project as several processes behind one endpoint.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Lets a published project not trust X-Forwarded-For and the like.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new ForwardedHeadersDisabledAnnotation(), ResourceAnnotationMutationBehavior.Replace);

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
            .Where(endpoint => endpoint.UriScheme is "http" or "https")
            .Select(endpoint => ReferenceExpression.Create(
                $"{endpoint.UriScheme}://{endpoint.TargetHost}:{new EndpointReference(owner, endpoint.Name).Property(EndpointProperty.TargetPort)}"))
            .ToArray();
        if (urls.Length > 0)
        {
            context.Variables.TryAdd("ASPNETCORE_URLS", urls.Aggregate((all, next) => ReferenceExpression.Create($"{all};{next}")));
        }
    }
}
