using System.Net;
using System.Net.Http.Headers;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>Helpers for sending requests.</summary>
internal static class Requests
{
    /// <summary>Settings of a bucket that refills too slowly to matter during a test.</summary>
    public static (string, string?)[] Bucket(string policy, string bucket, int capacity, string refillPeriod = "01:00:00") =>
    [
        ($"OpenClaw:Edge:Policies:{policy}:Buckets:{bucket}:Capacity", $"{capacity}"),
        ($"OpenClaw:Edge:Policies:{policy}:Buckets:{bucket}:RefillTokens", "1"),
        ($"OpenClaw:Edge:Policies:{policy}:Buckets:{bucket}:RefillPeriod", refillPeriod),
    ];

    public static async Task<HttpStatusCode> StatusAsync(
        this HttpClient client, string path = "/rating", params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await client.SendAsync(path, headers);
        return response.StatusCode;
    }

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, string path = "/rating", params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Get, path, headers);

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }

    /// <summary>Sends requests in sequence and counts those allowed.</summary>
    public static async Task<int> CountAllowedAsync(int requests, Func<int, Task<HttpStatusCode>> send)
    {
        int allowed = 0;
        for (int i = 0; i < requests; i++)
        {
            HttpStatusCode status = await send(i);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"Request {i} got {status}.");
            allowed += status == HttpStatusCode.OK ? 1 : 0;
        }

        return allowed;
    }

    /// <summary>The only value of a header; null when it is absent.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values)
            ? values.Single()
            : null;
}
