using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OpenClaw.AppHost;

/// <summary>Result of requests that were sent to the edge at once.</summary>
/// <param name="Answers">Number of responses by status.</param>
/// <param name="Refusal">The first 429, as text; null when there was none.</param>
internal sealed record Burst(IReadOnlyDictionary<HttpStatusCode, int> Answers, string? Refusal)
{
    /// <summary>The result in one sentence.</summary>
    public string Summary
    {
        get
        {
            var total = Answers.Values.Sum();
            var passed = Answers.GetValueOrDefault(HttpStatusCode.OK);
            var others = Answers.Where(answer => answer.Key != HttpStatusCode.OK).OrderBy(answer => answer.Key)
                .Select(answer => $"{answer.Value} got {(int)answer.Key}").ToArray();
            return $"{passed} of {total} passed{(others.Length == 0 ? "" : $", {string.Join(", ", others)}")}.";
        }
    }

    /// <summary>Sends the requests, each over a separate connection, so that all replicas get some.</summary>
    public static async Task<Burst> SendAsync(Uri edge, string key, int size, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        using var client = new HttpClient(handler) { BaseAddress = edge, Timeout = TimeSpan.FromSeconds(15) };
        var answers = await Task.WhenAll(Enumerable.Range(0, size).Select(_ => SendOneAsync(client, key, cancellationToken)));
        return new(
            answers.GroupBy(answer => answer.Status).ToDictionary(group => group.Key, group => group.Count()),
            answers.FirstOrDefault(answer => answer.Status == HttpStatusCode.TooManyRequests).Text);
    }

    /// <summary>The result in Markdown.</summary>
    /// <param name="buckets">The client's buckets after the burst, from the admin API.</param>
    public string Describe(JsonElement buckets)
    {
        var text = new StringBuilder($"**{Summary}**\n\n");
        text.Append(Refusal is null ? "Nothing was refused.\n" : $"The first refusal:\n\n```http\n{Refusal}\n```\n");
        text.Append(CultureInfo.InvariantCulture, $"\nBuckets of client `{SampleClients.Id}`:\n\n");
        text.Append("| Policy | Bucket | Tokens | Full in |\n|---|---|---|---|\n");
        foreach (var partition in buckets.EnumerateArray())
        {
            foreach (var bucket in partition.GetProperty("buckets").EnumerateArray())
            {
                text.Append(CultureInfo.InvariantCulture, $"| {partition.GetProperty("policy")} | {bucket.GetProperty("name")} ");
                text.Append(CultureInfo.InvariantCulture, $"| {bucket.GetProperty("remaining")} of {bucket.GetProperty("capacity")} ");
                text.Append(CultureInfo.InvariantCulture, $"| {bucket.GetProperty("fullAfterSeconds").GetDouble():0.#} s |\n");
            }
        }

        return text.ToString();
    }

    private static async Task<(HttpStatusCode Status, string? Text)> SendOneAsync(
        HttpClient client, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "rating") { Content = JsonContent.Create(new { score = 4 }) };
        request.Headers.Add("X-API-Key", key);
        using var answer = await client.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.TooManyRequests)
        {
            return (answer.StatusCode, null);
        }

        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        var headers = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Select(header => $"{header.Key}: {header.Value}");
        var status = $"HTTP/{answer.Version} {(int)answer.StatusCode} {answer.ReasonPhrase}";
        return (answer.StatusCode, $"{status}\n{string.Join('\n', headers)}\n\n{body}");
    }
}
