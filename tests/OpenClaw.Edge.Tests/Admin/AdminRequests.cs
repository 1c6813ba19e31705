using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>Requests to the admin API.</summary>
internal static class AdminRequests
{
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
}
