namespace OpenClaw.AppHost;

/// <summary>Links of resources on the dashboard.</summary>
internal static class ApiPageLinks
{
    /// <summary>Where services show their OpenAPI documents; OpenClaw.ServiceDefaults maps the page.</summary>
    public const string Path = "/scalar";

    /// <summary>Makes an endpoint's link lead to its OpenAPI page.</summary>
    public static IResourceBuilder<T> WithApiPage<T>(this IResourceBuilder<T> service, string endpoint, string text)
        where T : IResourceWithEndpoints =>
        service.WithUrlForEndpoint(endpoint, url =>
        {
            url.Url = Path;
            url.DisplayText = text;
        });

    /// <summary>Takes an endpoint's link off the dashboard's table: its address answers no browser. The details still show it.</summary>
    public static IResourceBuilder<T> WithoutLink<T>(this IResourceBuilder<T> service, params ReadOnlySpan<string> endpoints)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in endpoints)
        {
            service.WithUrlForEndpoint(endpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
        }

        return service;
    }
}
