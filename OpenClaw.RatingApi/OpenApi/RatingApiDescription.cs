using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OpenClaw.RatingApi.Ratings;

namespace OpenClaw.RatingApi.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>: title, and examples of every request and response.</summary>
internal static class RatingApiDescription
{
    private const string Json = "application/json";

    public static void AddRatingApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "OpenClaw Rating API";
            document.Info.Description =
                "Records ratings from 1 to 5 and summarizes them. Errors are problem details (RFC 9457) with the errors by field.";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) => operation.OperationId switch
        {
            RatingEndpoints.RecordName => DescribeRecord(operation),
            RatingEndpoints.SummarizeName => DescribeSummarize(operation),
            _ => Task.CompletedTask,
        });
    });

    private static Task DescribeRecord(OpenApiOperation operation)
    {
        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } body)
        {
            body.Description = "Limited in size by `Ratings:MaxBodyBytes`.";
            content[Json].Examples = new Dictionary<string, IOpenApiExample>
            {
                ["score"] = new OpenApiExample { Summary = "Rate OpenClaw itself", Value = JsonNode.Parse(Examples.Score) },
                ["full"] = new OpenApiExample { Summary = "Rate something, and say why", Value = JsonNode.Parse(Examples.Full) },
            };
        }

        Describe(operation, "200", "Recorded.", Examples.Recorded);
        Describe(operation, "400", "The body is not a rating; `errors` says why, by field.", Examples.InvalidScore);
        Describe(operation, "413", "The body is too large.", Examples.TooLarge);
        Describe(operation, "415", "The body is not JSON in UTF-8.", Examples.NotJson);
        return Task.CompletedTask;
    }

    private static Task DescribeSummarize(OpenApiOperation operation)
    {
        Describe(operation, "200", "The summary.", Examples.Summary);
        Describe(operation, "404", "Nobody has rated the subject yet, or not for a long time.", Examples.NotRated);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiOperation operation, string status, string description, string example)
    {
        if (operation.Responses?[status] is OpenApiResponse response)
        {
            response.Description = description;
            foreach (OpenApiMediaType content in response.Content?.Values ?? [])
            {
                content.Example = JsonNode.Parse(example);
            }
        }
    }
}
