using System.Net;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class GrpcRefusalTests(SharedRedis redis)
{
    private static readonly (string, string?)[] OneRequest = Requests.Bucket("rating", "burst", 1);

    [Fact]
    public async Task Refused_Grpc_TrailersOnlyResourceExhausted()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, ("Kestrel:EndpointDefaults:Protocols", "Http2")]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage first = await Call();

        using HttpResponseMessage response = await Call();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("application/grpc", response.Header("Content-Type"));
        Assert.Equal("8", response.Header("grpc-status"));
        Assert.NotNull(response.Header("grpc-message"));
        Assert.True(int.Parse(response.Header("grpc-retry-pushback-ms")!) >= 1000);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.TrailingHeaders);

        Task<HttpResponseMessage> Call()
        {
            ByteArrayContent content = new([0, 0, 0, 0, 0]);
            content.Headers.ContentType = new("application/grpc");
            return client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rating")
            {
                Content = content,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact
            });
        }
    }

    [Theory]
    [InlineData("application/grpc-web+proto", "application/grpc-web+proto")]
    [InlineData("application/grpc-web-text", "application/grpc-web-text+proto")]
    [InlineData("application/grpc+json; charset=utf-8", "application/grpc")]
    public async Task Refused_GrpcOfAnyKind_AnsweredInItsOwn(string sent, string answered)
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        await stack.Edge.Client.StatusAsync();

        using HttpResponseMessage response = await PostAsync(stack.Edge.Client, sent);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answered, response.Header("Content-Type"));
        Assert.Equal("8", response.Header("grpc-status"));
    }

    [Fact]
    public async Task Refused_OnlyLooksLikeGrpc_Plain429()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        await stack.Edge.Client.StatusAsync();

        // Caches may store a 200 to a GET.
        int get = await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", "Content-Type: application/grpc");
        using HttpResponseMessage other = await PostAsync(stack.Edge.Client, "application/grpclike");

        Assert.Equal(429, get);
        Assert.Equal(HttpStatusCode.TooManyRequests, other.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string contentType)
    {
        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return client.PostAsync("/rating", content);
    }
}
