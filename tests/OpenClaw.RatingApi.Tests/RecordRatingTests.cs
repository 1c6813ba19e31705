using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class RecordRatingTests(RatingApiServer server) : IClassFixture<RatingApiServer>
{
    private readonly HttpClient _client = server.Connect();

    [Theory]
    [InlineData("""{"score":4}""")]
    [InlineData("""{"score":1,"subject":"a","comment":"b"}""")]
    [InlineData("""{ "score" : 5 , "subject":null,"comment":null }""")]
    [InlineData("""{"score":4.0}""")]
    [InlineData("""{"score":4e0}""")]
    [InlineData("""{"comment":"","score":2,"tags":["x",{"y":1.50}],"Score":"not a score","nested":{"score":9}}""")]
    [InlineData("""{"score":3,"subject":"\u00fc \ud83d\ude00","comment":"tab\tünïcode 😀"}""")]
    [InlineData(" \n{\"score\":3}\r\n ")]
    public async Task Record_Valid_EchoesBodyByteForByte(string body)
    {
        using HttpResponseMessage response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($$"""{"status":"rating recorded","payload":{{body}}}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{}", "score", "required")]
    [InlineData("""{"score":"4"}""", "score", "an integer from 1 to 5, not a string")]
    [InlineData("""{"score":4.5}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":null}""", "score", "not null")]
    [InlineData("""{"score":true}""", "score", "not a boolean")]
    [InlineData("""{"score":[4]}""", "score", "not an array")]
    [InlineData("""{"score":{"value":[4]}}""", "score", "not an object")]
    [InlineData("""{"score":0}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":6}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":-1}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":99999999999999999999}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":4294967300}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":1e999}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":4,"score":4}""", "score", "only once")]
    [InlineData("""{"score":4,"\u0073core":4}""", "score", "only once")]
    [InlineData("""{"score":4,"subject":"a","subject":"a"}""", "subject", "only once")]
    [InlineData("""{"score":4,"comment":null,"comment":null}""", "comment", "only once")]
    [InlineData("""{"score":4,"color":1,"color":2}""", "color", "only once")]
    [InlineData("""{"score":4,"subject":7}""", "subject", "a string of up to 100 characters, not a number")]
    [InlineData("""{"score":4,"subject":["a"]}""", "subject", "not an array")]
    [InlineData("""{"score":4,"subject":""}""", "subject", "not be empty")]
    [InlineData("""{"score":4,"subject":"a/b"}""", "subject", "'/'")]
    [InlineData("""{"score":4,"subject":"a\nb"}""", "subject", "control characters")]
    [InlineData("""{"score":4,"subject":".."}""", "subject", "\"..\"")]
    [InlineData("""{"score":4,"subject":"\ud83d"}""", "subject", "surrogate")]
    [InlineData("""{"score":4,"comment":{}}""", "comment", "not an object")]
    [InlineData("""{"score":4,"comment":"\udc00"}""", "comment", "surrogate")]
    [InlineData("""{"score":4,"\ud800":1}""", "body", "surrogate")]
    [InlineData("", "body", "empty")]
    [InlineData("   ", "body", "not JSON")]
    [InlineData("{\"score\":4", "body", "line 1")]
    [InlineData("{\"score\":4,}", "body", "line 1, byte 12")]
    [InlineData("{\n'score':4}", "body", "line 2, byte 1")]
    [InlineData("{\"score\":4}{}", "body", "not JSON")]
    [InlineData("{\"score\":4} //", "body", "not JSON")]
    [InlineData("{\"score\":04}", "body", "not JSON")]
    [InlineData("{\"score\":NaN}", "body", "not JSON")]
    [InlineData("[{\"score\":4}]", "body", "not an array")]
    [InlineData("4", "body", "not a number")]
    [InlineData("null", "body", "not null")]
    [InlineData("\"score\"", "body", "not a string")]
    public async Task Record_Malformed_Is400NamingTheField(string body, string field, string expected)
    {
        using HttpResponseMessage response = await PostAsync(body);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, field, expected);
    }

    [Fact]
    public async Task Record_SeveralFieldsWrong_NamesEachInErrorsAndDetail()
    {
        using HttpResponseMessage response = await PostAsync("""{"score":9,"subject":1,"comment":2}""");

        JsonObject problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest, "score", "from 1 to 5");
        Assert.Equal(["comment", "score", "subject"], problem["errors"]!.AsObject().Select(error => error.Key));
        string detail = (string)problem["detail"]!;
        Assert.Contains("comment must be", detail);
        Assert.Contains("score must be", detail);
        Assert.Contains("subject must be", detail);
    }

    [Theory]
    [InlineData("subject", 100)]
    [InlineData("comment", 2000)]
    public async Task Record_TextAtAndOverItsLimit_IsAcceptedAndRefused(string field, int limit)
    {
        using HttpResponseMessage longest = await PostAsync($$"""{"score":4,"{{field}}":"{{new string('x', limit)}}"}""");
        using HttpResponseMessage longer = await PostAsync($$"""{"score":4,"{{field}}":"{{new string('x', limit + 1)}}"}""");

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        await AssertProblemAsync(longer, HttpStatusCode.BadRequest, field, $"at most {limit} characters; it has {limit + 1}");
    }

    [Fact]
    public async Task Record_DeeplyNested_Is400()
    {
        string deep = new string('[', 1000) + new string(']', 1000);

        using HttpResponseMessage response = await PostAsync($$"""{"score":4,"x":{{deep}}}""");

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "body", "nested deeper");
    }

    [Fact]
    public async Task Record_NotUtf8_Is400()
    {
        using ByteArrayContent content = Json([.. "{\"score\":4,\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        using HttpResponseMessage response = await _client.PostAsync("/rating", content);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "body", "not UTF-8");
    }

    [Fact]
    public async Task Record_ByteOrderMark_IsDropped()
    {
        using ByteArrayContent content = Json([0xEF, 0xBB, 0xBF, .. "{\"score\":4}"u8]);

        using HttpResponseMessage response = await _client.PostAsync("/rating", content);

        Assert.Equal("""{"status":"rating recorded","payload":{"score":4}}"""u8.ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    [InlineData("nonsense")]
    public async Task Record_OtherContentType_Is415NamingTheHeader(string? contentType)
    {
        using HttpResponseMessage response = await PostAsync("""{"score":4}""", contentType);

        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "Content-Type", contentType ?? "absent");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=\"UTF-8\"")]
    [InlineData("application/vnd.openclaw+json")]
    public async Task Record_JsonContentType_IsAccepted(string contentType)
    {
        using HttpResponseMessage response = await PostAsync("""{"score":4}""", contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_BodyAtAndOverTheLimit_IsAcceptedAnd413(bool chunked)
    {
        const int Limit = 16_384;
        string frame = """{"score":4,"x":""}""";
        string largest = frame.Insert(frame.Length - 2, new string('x', Limit - frame.Length));

        using HttpResponseMessage accepted = await PostAsync(largest, chunked: chunked);
        using HttpResponseMessage refused = await PostAsync(largest + " ", chunked: chunked);
        using HttpResponseMessage hugelyOver = await PostAsync(new string(' ', 1_000_000), chunked: chunked);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.EndsWith(largest + "}", await accepted.Content.ReadAsStringAsync());
        await AssertProblemAsync(refused, HttpStatusCode.RequestEntityTooLarge, "body", "at most 16384 bytes");
        await AssertProblemAsync(hugelyOver, HttpStatusCode.RequestEntityTooLarge, "body", "at most 16384 bytes");
    }

    [Theory]
    [InlineData("GET", "/rating", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/ratings/a", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    public async Task AnyRoute_NotServed_IsAProblem(string method, string path, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<JsonObject> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string field, string expected)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonObject problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Contains(expected, string.Join('|', problem["errors"]![field]!.AsArray()));
        Assert.Contains(expected, (string)problem["detail"]!);
        return problem;
    }

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { { "Content-Type", "application/json" } } };

    private async Task<HttpResponseMessage> PostAsync(string body, string? contentType = "application/json", bool chunked = false)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/rating") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Headers.TransferEncodingChunked = chunked;
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await _client.SendAsync(request);
    }
}
