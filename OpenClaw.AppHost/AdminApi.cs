using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace OpenClaw.AppHost;

/// <summary>Client of the edge's admin API.</summary>
/// <param name="endpoint">The endpoint in front of all replicas; any of them may answer, as they share their state.</param>
/// <param name="key">The key.</param>
internal sealed class AdminApi(EndpointReference endpoint, ParameterResource key)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint => endpoint;

    /// <summary>The key.</summary>
    public ParameterResource Key => key;

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), cancellationToken);

    /// <exception cref="HttpRequestException">The API did not answer or refused; the message has the problem's detail.</exception>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.Url), path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await key.GetValueAsync(cancellation));
        using var answer = await Http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"The admin API answered {(int)answer.StatusCode} to {method} {path}: "
                + await answer.Content.ReadAsStringAsync(cancellation));
        }

        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }
}
