using System.Net;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Limiting;

public sealed class PathTests(SharedRedis redis)
{
    [Fact]
    public async Task AnySpelling_BucketEmpty_NeverReachesTheUpstream()
    {
        string[] targets =
        [
            "/rating", "/RATING", "/Rating/", "/./rating", "/x/../rating", "/%72ating", "/%52ATING", "/rating?x=/health", "/rating%3F",
            "/rating%2f", "/rating%2F..%2Fhealth",
            "/health/../rating", "/health/..%2frating", "/health%2f../rating", "//rating", "/rating//", "/rating;a=b", "/ratings/x",
            "/ratings/%2e%2e/x", "/ratings/../rating",
            "/ratings/..%2f..%2fhealth", "/ratings/%00", "/ratings//x", "/RATINGS/x", "/ratings/./x/../y", "/ratings/..;/rating",
            "/\\rating", "/ratings\\x", "/rating%",
            "/rating%c0%af", "/%2e%2e/rating", "/rating/.", "/rating/..", "http://other.example/rating", "*", "rating", "/rating#health",
            "/rating\u00e9", "/alive/../rating",
        ];
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 1));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        foreach (string target in targets)
        {
            foreach (string method in (string[])["GET", "POST", "get", "PURGE"])
            {
                int status = await RawHttp.StatusAsync(stack.Edge.Address, $"{method} {target} HTTP/1.1");
                Assert.True(status is 429 or 404 or 400 or 405 or 411, $"{method} {target} got {status}");
            }
        }

        Assert.Single(stack.Upstream.Requests);
    }
}
