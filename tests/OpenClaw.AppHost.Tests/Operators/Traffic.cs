using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Testing;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Ratings that clients post to the edge.</summary>
internal static class Traffic
{
    /// <summary>Posts through the endpoint in front of all replicas, all at once.</summary>
    /// <returns>The statuses.</returns>
    public static async Task<HttpStatusCode[]> BurstAsync(Stack stack, TestClient client, int count)
    {
        using var http = Connect(stack.App.GetEndpoint("edge", "http"), client);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            using var answer = await http.PostAsJsonAsync("rating", new { score = 4 });
            return answer.StatusCode;
        }));
    }

    /// <summary>A connection of a client, to any address of the edge.</summary>
    public static HttpClient Connect(Uri address, TestClient client)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Add("X-API-Key", client.Key);
        return http;
    }

    /// <summary>The status of one request.</summary>
    public static async Task<HttpStatusCode> PostAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("rating", new { score = 4 });
        return answer.StatusCode;
    }

    /// <summary>Whether a request is refused because of an operator's block.</summary>
    public static async Task<bool> IsBlockedAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("rating", new { score = 4 });
        return (await answer.Content.ReadAsStringAsync()).Contains("#abnormal-usage-detected", StringComparison.Ordinal);
    }
}
