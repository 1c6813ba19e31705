using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>An interactive page for a service's OpenAPI document.</summary>
public static class ApiPage
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/scalar";

    /// <summary>Maps the page at <see cref="Path"/>. It describes every operation of the document <c>v1</c> and can send requests. The
    /// service serves the page's script itself; the page loads nothing from other hosts.</summary>
    /// <returns>The page's endpoints, its script included.</returns>
    public static IEndpointConventionBuilder MapApiPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapScalarApiReference(Path, options => options
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp()
        .HideClientButton()
        .HideDeveloperTools());
}
