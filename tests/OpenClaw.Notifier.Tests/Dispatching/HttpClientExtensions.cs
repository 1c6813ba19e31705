namespace OpenClaw.Notifier.Tests.Dispatching;

internal static class HttpClientExtensions
{
    /// <summary>The body, whatever the status.</summary>
    public static async Task<string> GetStringAsyncOrBody(this HttpClient client, Uri address)
    {
        using HttpResponseMessage answer = await client.GetAsync(address);
        return await answer.Content.ReadAsStringAsync();
    }
}
