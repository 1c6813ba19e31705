using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class OpenApiDocumentTests(RatingApiServer server) : IClassFixture<RatingApiServer>
{
    private readonly HttpClient _client = server.Connect();

    [Fact]
    public async Task Document_EveryReference_Resolves()
    {
        JsonObject document = await GetDocumentAsync();

        string[] references = [.. Descendants(document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(
            node => (string)node!)];

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(document["components"]?["schemas"]?[reference.Split('/')[^1]]));
    }

    [Fact]
    public async Task Document_EveryOperation_HasSummaryDescriptionAndDescribedAnswersWithExamples()
    {
        JsonObject document = await GetDocumentAsync();
        JsonObject[] operations = [document["paths"]!["/rating"]!["post"]!.AsObject(),
            document["paths"]!["/ratings/{subject}"]!["get"]!.AsObject()];

        Assert.Equal(operations.Length, document["paths"]!.AsObject().Sum(path => path.Value!.AsObject().Count));
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty((string)operation["summary"]!);
            Assert.NotEmpty((string)operation["description"]!);
            Assert.NotEmpty((string)operation["operationId"]!);
            Assert.All(operation["responses"]!.AsObject(), response =>
            {
                Assert.NotEmpty((string)response.Value!["description"]!);
                Assert.NotNull(response.Value["content"]!.AsObject().Single().Value!["example"]);
            });
        });
        Assert.Equal(["200", "400", "413", "415"], operations[0]["responses"]!.AsObject().Select(response => response.Key));
        Assert.Equal(["200", "404"], operations[1]["responses"]!.AsObject().Select(response => response.Key));
    }

    [Fact]
    public async Task Document_RatingSchema_HasTheServersLimits()
    {
        JsonObject rating = (await GetDocumentAsync())["components"]!["schemas"]!["Rating"]!.AsObject();

        Assert.Equal(["score"], rating["required"]!.AsArray().Select(name => (string)name!));
        JsonNode score = rating["properties"]!["score"]!;
        Assert.Contains("integer", score["type"]!.AsArray().Select(type => (string)type!));
        Assert.Equal((1, 5), ((int)score["minimum"]!, (int)score["maximum"]!));
        Assert.Equal(100, (int)rating["properties"]!["subject"]!["maxLength"]!);
        Assert.Equal(2000, (int)rating["properties"]!["comment"]!["maxLength"]!);
    }

    /// <summary>The examples are the service's actual responses.</summary>
    [Fact]
    public async Task Document_Examples_AreTheServersAnswers()
    {
        await using RatingApiServer fresh = new();
        using HttpClient client = fresh.Connect();
        JsonObject document = (await client.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        JsonNode record = document["paths"]!["/rating"]!["post"]!;
        JsonNode requests = record["requestBody"]!["content"]!["application/json"]!["examples"]!;
        string full = requests["full"]!["value"]!.ToJsonString();
        await PostAsync(client, full);
        await PostAsync(client, full.Replace("5", "4"));

        await AssertExampleAsync(record, "200", await PostAsync(client, requests["score"]!["value"]!.ToJsonString()));
        await AssertExampleAsync(record, "400", await PostAsync(client, """{"score":6}"""));
        await AssertExampleAsync(record, "413", await PostAsync(client, new string(' ', 20_000)));
        await AssertExampleAsync(record, "415", await PostAsync(client, """{"score":4}""", "text/plain"));
        JsonNode summarize = document["paths"]!["/ratings/{subject}"]!["get"]!;
        await AssertExampleAsync(summarize, "200", await client.GetAsync("/ratings/pizza"));
        await AssertExampleAsync(summarize, "404", await client.GetAsync("/ratings/sushi"));
    }

    private static async Task AssertExampleAsync(JsonNode operation, string status, HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal((HttpStatusCode)int.Parse(status), response.StatusCode);
            KeyValuePair<string, JsonNode?> content = operation["responses"]![status]!["content"]!.AsObject().Single();
            Assert.Equal(content.Key, response.Content.Headers.ContentType?.MediaType);
            JsonObject answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
            answer.Remove("traceId");
            Assert.Equal(content.Value!["example"]!.ToJsonString(), answer.ToJsonString());
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body, string contentType = "application/json")
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return client.PostAsync("/rating", content);
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => Descendants(member.Value)).Prepend(json),
        JsonArray array => array.SelectMany(Descendants),
        null => [],
        _ => [node],
    };

    private async Task<JsonObject> GetDocumentAsync() => (await _client.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
}
