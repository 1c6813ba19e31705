using System.Net;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Overload;

public sealed class HeaderLimitTests(SharedRedis redis)
{
    // 100 cookies of 140 bytes are 14 KB over HTTP/1.1, and 18 KB as HTTP/2 counts them.
    [Theory]
    [InlineData("1.1", 100, 140, 200)]
    [InlineData("2.0", 100, 140, 200)]
    [InlineData("1.1", 900, 12, 200)]
    [InlineData("2.0", 900, 12, 200)]
    [InlineData("1.1", 100, 180, 431)]
    [InlineData("2.0", 100, 180, 431)]
    public async Task Cookies_SplitOrNot_LimitedByTheirSizeAlone(string version, int count, int length, int expected)
    {
        await using Stack stack = await StartAsync(version);
        string[] cookies = [.. Enumerable.Range(0, count).Select(i => $"c{i}=".PadRight(length, 'x'))];

        HttpStatusCode status = version == "1.1"
            ? await SendAsync(stack.Edge, version, ("Cookie", string.Join("; ", cookies)))
            : await SendAsync(stack.Edge, version, [.. cookies.Select(cookie => ("Cookie", cookie))]);

        Assert.Equal(expected, (int)status);
        Assert.Equal(expected == 200 ? string.Join("; ", cookies) : "", stack.Upstream.LastHeaders["Cookie"].ToString());
    }

    // 60, and Host, which the client adds.
    [Theory]
    [InlineData("1.1", 60, 200)]
    [InlineData("2.0", 60, 200)]
    [InlineData("1.1", 64, 431)]
    [InlineData("2.0", 64, 431)]
    public async Task Fields_MoreThanTheLimit_431(string version, int count, int expected)
    {
        await using Stack stack = await StartAsync(version);

        HttpStatusCode different = await SendAsync(stack.Edge, version, [.. Enumerable.Range(0, count).Select(i => ($"X-{i}", "x"))]);
        HttpStatusCode equal = await SendAsync(stack.Edge, version, [.. Enumerable.Repeat(("X-Same", "x"), count)]);

        Assert.Equal((expected, expected), ((int)different, (int)equal));
    }

    [Theory]
    [InlineData("1.1", 16_000, 200)]
    [InlineData("2.0", 16_000, 200)]
    [InlineData("1.1", 17_000, 431)]
    [InlineData("2.0", 17_000, 431)]
    [InlineData("2.0", 60_000, 431)]
    [InlineData("2.0", 100_000, 431)]
    public async Task Field_Long_431NotTheEndOfTheConnection(string version, int length, int expected)
    {
        await using Stack stack = await StartAsync(version);

        Assert.Equal(expected, (int)await SendAsync(stack.Edge, version, ("X-Long", new string('x', length))));
    }

    // 8,192 bytes less "GET ", " HTTP/1.1" and the end of the line.
    [Theory]
    [InlineData("1.1", 8_177, 200)]
    [InlineData("2.0", 8_177, 200)]
    [InlineData("1.1", 8_178, 414)]
    [InlineData("2.0", 8_178, 414)]
    [InlineData("2.0", 16_000, 414)]
    [InlineData("1.1", 17_000, 414)]
    public async Task Path_Long_414(string version, int length, int expected)
    {
        await using Stack stack = await StartAsync(version);
        string path = "/ratings/".PadRight(length, 'x');

        int status = version == "1.1"
            ? await RawHttp.StatusAsync(stack.Edge.Address, $"GET {path} HTTP/1.1")
            : await Http2Frames.StatusAsync(stack.Edge.Address, path);

        Assert.Equal(expected, status);
    }

    private Task<Stack> StartAsync(string version) =>
        Stack.StartAsync(redis, ("Kestrel:EndpointDefaults:Protocols", version == "1.1" ? "Http1" : "Http2"));

    private static async Task<HttpStatusCode> SendAsync(TestEdge edge, string version, params (string Name, string Value)[] headers)
    {
        if (version == "1.1")
        {
            string[] lines = [.. headers.Select(header => $"{header.Name}: {header.Value}")];
            return (HttpStatusCode)await RawHttp.StatusAsync(edge.Address, "GET /rating HTTP/1.1", lines);
        }

        return (HttpStatusCode)await Http2Frames.StatusAsync(edge.Address, "/rating", headers);
    }
}
