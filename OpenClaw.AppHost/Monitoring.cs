namespace OpenClaw.AppHost;

/// <summary>Tools for monitoring and inspection, each a container that is started on demand from the dashboard.</summary>
internal static class Monitoring
{
    private const string PrometheusTag = "v3.5.0";
    private const string GrafanaTag = "12.1.1";
    private const string RedisInsightTag = "2.70.1";

    private const string Deploy = "../deploy";

    /// <summary>Adds Prometheus and Grafana, with the files of <c>deploy/</c>, and RedisInsight. Adds nothing without a container
    /// runtime.</summary>
    public static void AddMonitoring(
        this IDistributedApplicationBuilder builder,
        ContainerRuntime? runtime,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<IResourceWithConnectionString> redis)
    {
        if (runtime is null)
        {
            return;
        }

        var prometheus = builder.AddPrometheus(edge);
        builder.AddGrafana(prometheus);
        builder.AddRedisInsight(redis);
    }

    // The replicas push their metrics. Aspire has one address for all replicas, so a scrape would get the numbers of an arbitrary one.
    private static IResourceBuilder<ContainerResource> AddPrometheus(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> edge)
    {
        var prometheus = builder.AddContainer("prometheus", "docker.io/prom/prometheus", PrometheusTag)
            .WithBindMount($"{Deploy}/prometheus", "/etc/prometheus", isReadOnly: true)
            .WithArgs("--config.file=/etc/prometheus/prometheus.push.yml", "--storage.tsdb.path=/prometheus", "--web.enable-otlp-receiver")
            .WithHttpEndpoint(targetPort: 9090)
            .WithHttpHealthCheck("/-/ready")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
            .WithIconName("DataTrending")
            .WithExplicitStart();
        var receiver = ReferenceExpression.Create(
            $"{prometheus.GetEndpoint("http").Property(EndpointProperty.Url)}/api/v1/otlp/v1/metrics");
        edge.WithEnvironment("OpenClaw__Metrics__Prometheus__OtlpEndpoint", receiver)
            // The alert rules distinguish services by this label.
            .WithEnvironment(context => context.EnvironmentVariables["OTEL_RESOURCE_ATTRIBUTES"] =
                context.EnvironmentVariables.TryGetValue(
                    "OTEL_RESOURCE_ATTRIBUTES", out var attributes) ? $"{attributes},service=edge" : "service=edge");
        return prometheus;
    }

    private static void AddGrafana(this IDistributedApplicationBuilder builder, IResourceBuilder<ContainerResource> prometheus) =>
        builder.AddContainer("grafana", "docker.io/grafana/grafana", GrafanaTag)
            .WithBindMount($"{Deploy}/grafana/provisioning", "/etc/grafana/provisioning", isReadOnly: true)
            .WithBindMount($"{Deploy}/grafana/dashboards", "/etc/grafana/dashboards", isReadOnly: true)
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "true")
            .WithEnvironment("GF_AUTH_ANONYMOUS_ORG_ROLE", "Editor")
            .WithEnvironment("GF_AUTH_DISABLE_LOGIN_FORM", "true")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithHttpEndpoint(targetPort: 3000)
            .WithHttpHealthCheck("/api/health")
            .WithUrlForEndpoint("http", url =>
            {
                url.Url = "/d/openclaw-edge";
                url.DisplayText = "Dashboard";
            })
            .WithParentRelationship(prometheus)
            .WithIconName("DataHistogram")
            .WithExplicitStart();

    private static void AddRedisInsight(this IDistributedApplicationBuilder builder, IResourceBuilder<IResourceWithConnectionString> redis)
    {
        if (redis is IResourceBuilder<RedisResource> container)
        {
            container.WithRedisInsight(insight => insight.WithImageTag(RedisInsightTag).AsTool(redis), "redisinsight");
        }
        else if (redis.Resource is EmbeddedRedis embedded)
        {
            var endpoint = new EndpointReference(embedded, EmbeddedRedis.EndpointName);
            builder.AddContainer("redisinsight", "docker.io/redis/redisinsight", RedisInsightTag)
                .WithHttpEndpoint(targetPort: 5540)
                .WithEnvironment("RI_REDIS_HOST1", endpoint.Property(EndpointProperty.Host))
                .WithEnvironment("RI_REDIS_PORT1", endpoint.Property(EndpointProperty.Port))
                .WithEnvironment("RI_REDIS_ALIAS1", embedded.Name)
                .WithEnvironment("RI_REDIS_PASSWORD1", embedded.Password)
                .AsTool(redis);
        }
    }

    private static void AsTool<T>(this IResourceBuilder<T> insight, IResourceBuilder<IResource> redis)
        where T : IResourceWithEndpoints => insight
        .WithUrlForEndpoint("http", url => url.DisplayText = "RedisInsight")
        .WithParentRelationship(redis)
        .WithIconName("DatabaseSearch")
        .WithExplicitStart();
}
