using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
    [InlineData("""{ "score" : 5 , "subject":"b" }""")]
    [InlineData("""{"comment":"","score":2,"tags":["x",{"y":1.50}],"Score":"not a score","nested":{"score":9}}""")]
    [InlineData("""{"score":3,"subject":"\u00fc \ud83d\ude00","comment":"tab\tünïcode 😀"}""")]
    [InlineData(" \n{\"score\":3}\r\n ")]
    public async Task Record_Valid_EchoesTheBody(string body)
    {
        using HttpResponseMessage response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("rating recorded", (string)answer["status"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), answer["payload"]), answer.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "score", "required")]
    [InlineData("""{"score":null}""", "score", "required")]
    [InlineData("""{"score":0}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":6}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":-1}""", "score", "an integer from 1 to 5")]
    [InlineData("""{"score":"4"}""", "score", "documented type")]
    [InlineData("""{"score":4.5}""", "score", "documented type")]
    [InlineData("""{"score":true}""", "score", "documented type")]
    [InlineData("""{"score":{"value":[4]}}""", "score", "documented type")]
    [InlineData("""{"score":99999999999999999999}""", "score", "documented type")]
    [InlineData("""{"score":1e999}""", "score", "documented type")]
    [InlineData("""{"score":4,"score":4}""", "score", "twice")]
    [InlineData("""{"score":4,"\u0073core":4}""", "score", "twice")]
    [InlineData("""{"score":4,"comment":null,"comment":null}""", "comment", "twice")]
    [InlineData("""{"score":4,"color":1,"color":2}""", "body", "twice")]
    [InlineData("""{"score":4,"subject":7}""", "subject", "documented type")]
    [InlineData("""{"score":4,"subject":""}""", "subject", "1 to 100")]
    [InlineData("""{"score":4,"subject":"a/b"}""", "subject", "'/'")]
    [InlineData("""{"score":4,"subject":"a\nb"}""", "subject", "control characters")]
    [InlineData("""{"score":4,"subject":".."}""", "subject", "\"..\"")]
    [InlineData("""{"score":4,"subject":"\ud83d"}""", "subject", "not JSON")]
    [InlineData("""{"score":4,"comment":{}}""", "comment", "documented type")]
    [InlineData("""{"score":4,"comment":"\udc00"}""", "comment", "not JSON")]
    [InlineData("""{"score":4,"\ud800":1}""", "body", "not JSON")]
    [InlineData("", "body", "missing")]
    [InlineData("null", "body", "missing")]
    [InlineData("   ", "body", "not JSON")]
    [InlineData("{\"score\":4", "score", "line 1")]
    [InlineData("{\"score\":4,}", "body", "line 1, byte 12")]
    [InlineData("{\n'score':4}", "body", "line 2, byte 1")]
    [InlineData("{\"score\":4}{}", "body", "not JSON")]
    [InlineData("{\"score\":4} //", "body", "not JSON")]
    [InlineData("{\"score\":NaN}", "score", "not JSON")]
    [InlineData("[{\"score\":4}]", "body", "documented type")]
    [InlineData("4", "body", "documented type")]
    public async Task Record_Malformed_Is400NamingTheField(string body, string field, string expected)
    {
        using HttpResponseMessage response = await PostAsync(body);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, field, expected);
    }

    [Fact]
    public async Task Record_SeveralFieldsWrong_NamesEachInErrorsAndDetail()
    {
        using HttpResponseMessage response = await PostAsync("""{"score":9,"subject":"a/b"}""");

        JsonObject problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest, "score", "from 1 to 5");
        Assert.Equal(["score", "subject"], problem["errors"]!.AsObject().Select(error => error.Key));
        string detail = (string)problem["detail"]!;
        Assert.Contains("score must be", detail);
        Assert.Contains("subject must not", detail);
    }

    [Theory]
    [InlineData("subject", 100)]
    [InlineData("comment", 2000)]
    public async Task Record_TextAtAndOverItsLimit_IsAcceptedAndRefused(string field, int limit)
    {
        using HttpResponseMessage longest = await PostAsync($$"""{"score":4,"{{field}}":"{{new string('x', limit)}}"}""");
        using HttpResponseMessage longer = await PostAsync($$"""{"score":4,"{{field}}":"{{new string('x', limit + 1)}}"}""");

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        await AssertProblemAsync(longer, HttpStatusCode.BadRequest, field, $"{limit} characters");
    }

    [Fact]
    public async Task Record_DeeplyNested_Is400()
    {
        string deep = new string('[', 1000) + new string(']', 1000);

        using HttpResponseMessage response = await PostAsync($$"""{"score":4,"x":{{deep}}}""");

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "x", "not JSON");
    }

    [Fact]
    public async Task Record_NotUtf8_Is400()
    {
        using ByteArrayContent content = Json([.. "{\"score\":4,\"comment\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        using HttpResponseMessage response = await _client.PostAsync("/rating", content);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "comment", "not JSON");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonp")]
    [InlineData("nonsense")]
    [InlineData("application/json; charset=nonsense")]
    public async Task Record_OtherContentType_Is415(string? contentType)
    {
        using HttpResponseMessage response = await PostAsync("""{"score":4}""", contentType);

        AssertProblem(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=UTF-8")]
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
        string largest = frame.Insert(frame.Length - 2, new string('x', Limit - frame.Length - (chunked ? 100 : 0)));

        using HttpResponseMessage accepted = await PostAsync(largest, chunked: chunked);
        using HttpResponseMessage refused = await PostAsync(largest + new string(' ', chunked ? 100 : 1), chunked: chunked);
        string hugelyOver = await PostRawAsync(1_000_000, chunked);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        AssertProblem(refused, HttpStatusCode.RequestEntityTooLarge);
        Assert.StartsWith("HTTP/1.1 413 ", hugelyOver);
        Assert.Contains("\r\nContent-Type: application/problem+json\r\n", hugelyOver);
    }

    [Theory]
    [InlineData("GET", "/rating", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/ratings/a", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    public async Task AnyRoute_NotServed_IsAProblem(string method, string path, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        AssertProblem(response, expected);
    }

    private static void AssertProblem(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<JsonObject> AssertProblemAsync(
        HttpResponseMessage response, HttpStatusCode status, string field, string expected)
    {
        AssertProblem(response, status);
        JsonObject problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
        Assert.Contains(expected, string.Join('|', problem["errors"]![field]!.AsArray()));
        Assert.Contains(expected, (string)problem["detail"]!);
        return problem;
    }

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { { "Content-Type", "application/json" } } };

    // The server answers and closes while the body is still being sent: HttpClient may then report that it could not send, instead of the
    // answer.
    private async Task<string> PostRawAsync(int length, bool chunked)
    {
        string framing = chunked ? $"Transfer-Encoding: chunked\r\n\r\n{length:x}" : $"Content-Length: {length}";
        string head = $"POST /rating HTTP/1.1\r\nHost: rating\r\nContent-Type: application/json\r\n{framing}\r\n{(chunked ? "" : "\r\n")}";
        using TcpClient client = new();
        await client.ConnectAsync(_client.BaseAddress!.Host, _client.BaseAddress.Port);
        NetworkStream stream = client.GetStream();
        Task sending = stream.WriteAsync(Encoding.ASCII.GetBytes(head + new string(' ', length))).AsTask();
        StringBuilder answer = new();
        using StreamReader reader = new(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            answer.Append(line).Append("\r\n");
        }

        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.ToString();
    }

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
