namespace OpenClaw.AppHost;

/// <summary>Links of resources on the dashboard.</summary>
internal static class ApiPageLinks
{
    /// <summary>Path of the page with a service's OpenAPI document, mapped by OpenClaw.ServiceDefaults.</summary>
    public const string Path = "/scalar";

    /// <summary>Points an endpoint's link to its OpenAPI page.</summary>
    public static IResourceBuilder<T> WithApiPage<T>(this IResourceBuilder<T> service, string endpoint, string text)
        where T : IResourceWithEndpoints =>
        service.WithUrlForEndpoint(endpoint, url =>
        {
            url.Url = Path;
            url.DisplayText = text;
        });

    /// <summary>Removes an endpoint's link from the dashboard's table, because it has no page for a browser. The details still show
    /// it.</summary>
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
