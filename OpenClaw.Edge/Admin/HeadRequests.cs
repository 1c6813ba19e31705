using Microsoft.AspNetCore.Routing;

namespace OpenClaw.Edge.Admin;

/// <summary>Lets endpoints for GET answer HEAD, too. The server omits the body.</summary>
internal static class HeadRequests
{
    public static void AllowHead(this IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        for (int i = 0; i < endpoint.Metadata.Count; i++)
        {
            if (endpoint.Metadata[i] is HttpMethodMetadata { HttpMethods: ["GET"] })
            {
                endpoint.Metadata[i] = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
            }
        }
    });
}
