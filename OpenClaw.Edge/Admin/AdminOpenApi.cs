using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OpenClaw.Edge.Admin;

/// <summary>The OpenAPI document of the admin API, at <c>/openapi/v1.json</c>.</summary>
internal static class AdminOpenApi
{
    private const string SchemeName = "adminKey";

    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "OpenClaw edge administration",
            Version = "v1",
            Description = "Policies, clients and buckets of all replicas of the edge. Changes take effect on every replica.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        // Every GET answers HEAD, too. Described twice, each operation would have two methods in clients made from the document.
        foreach (IOpenApiPathItem path in document.Paths.Values)
        {
            path.Operations?.Remove(HttpMethod.Head);
        }

        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
        return Task.CompletedTask;
    });
}
