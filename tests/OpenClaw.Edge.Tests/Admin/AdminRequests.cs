using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>Requests to the admin API.</summary>
internal static class AdminRequests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Posts a body as JSON and returns the JSON of the response, which must be a success.</summary>
    public static async Task<JsonElement> PostJsonAsync(this HttpClient admin, string path, object body)
    {
        using HttpResponseMessage response = await admin.PostAsJsonAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Puts a rules document, with If-Match when a version is given.</summary>
    public static Task<HttpResponseMessage> PutRulesAsync(this HttpClient admin, string document, string? over = null)
    {
        HttpRequestMessage request = new(HttpMethod.Put, "/rules") { Content = Json(document) };
        if (over is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", over);
        }

        return admin.SendAsync(request);
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>A client of an operator with a name.</summary>
    public static HttpClient Named(TestEdge edge, string name)
    {
        HttpClient client = edge.CreateAdminClient();
        client.DefaultRequestHeaders.Add("X-Operator", name);
        return client;
    }

    /// <summary>The text of a member; null when there is none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    /// <summary>Waits for events and returns them, the newest first. There must not be more.</summary>
    public static async Task<JsonElement[]> EventsAsync(HttpClient admin, int count)
    {
        JsonElement[] events = [];
        await Poll.UntilAsync($"{count} events are there", async () =>
        {
            events = [.. (await admin.GetFromJsonAsync<JsonElement>("/events")).GetProperty("events").EnumerateArray()
                .Select(found => found.GetProperty("event"))];
            return events.Length >= count;
        }, Patience);
        Assert.Equal(count, events.Length);
        return events;
    }
}
