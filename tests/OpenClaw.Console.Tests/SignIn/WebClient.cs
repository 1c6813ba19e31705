using System.Net;
using System.Text.RegularExpressions;

namespace OpenClaw.Console.Tests.SignIn;

/// <summary>A browser without scripts: keeps cookies, follows no redirects.</summary>
internal sealed partial class WebClient : IDisposable
{
    public WebClient(string address) => Http = new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), UseCookies = true })
    { BaseAddress = new Uri(address) };

    public HttpClient Http { get; }

    /// <summary>Fills in the form of the sign-in page.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string key, string? name, string? returnPath)
    {
        string page = await Http.GetStringAsync("/sign-in?returnPath=" + Uri.EscapeDataString(returnPath ?? ""));
        Dictionary<string, string> fields = new() { ["Form.Key"] = key, ["Form.Name"] = name ?? "" };
        foreach (Match field in HiddenFields().Matches(page))
        {
            fields[field.Groups[1].Value] = WebUtility.HtmlDecode(field.Groups[2].Value);
        }

        return await Http.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
    }

    /// <summary>Follows redirects, to other hosts too, until there is a page.</summary>
    public async Task<HttpResponseMessage> FollowAsync(string path)
    {
        Uri next = new(Http.BaseAddress!, path);
        for (int i = 0; i < 10; i++)
        {
            HttpResponseMessage response = await Http.GetAsync(next);
            if (response.StatusCode != HttpStatusCode.Found)
            {
                return response;
            }

            next = new Uri(next, response.Headers.Location!);
            response.Dispose();
        }

        throw new InvalidOperationException($"Too many redirects, the last to {next}.");
    }

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"\s*/?>""")]
    private static partial Regex HiddenFields();
}
