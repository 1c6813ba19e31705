using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.Samples.Tests;

public sealed partial class MinimalApiTests(Packages packages)
{
    [Fact]
    public async Task Sample_OnThePackages_LimitsPerUserAndPerAddress()
    {
        Requires.RedisServer();
        string output = await packages.MakeAsync("build", "MinimalApi");
        await using RedisServer redis = await RedisServer.StartAsync();
        TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> lines = [];
        using ChildProcess sample = await ChildProcess.StartAsync(
            "dotnet",
            [Path.Combine(output, "MinimalApi.dll")],
            Path.Combine(Packages.Root, "samples/MinimalApi"),
            new Dictionary<string, string>
            {
                ["ConnectionStrings__redis"] = redis.ConnectionString,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["RateLimiting__Deadline"] = "00:00:05",
            },
            line =>
            {
                lines.Add(line);
                if (Listening().Match(line) is { Success: true } match)
                {
                    listening.TrySetResult(new Uri(match.Groups[1].Value));
                }
            });
        using HttpClient client = new() { BaseAddress = await WaitAsync(listening.Task, lines) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/hello")).StatusCode);
        await SignInAsync(client, "ann");

        using HttpResponseMessage first = await client.GetAsync("/hello");
        HttpResponseMessage[] others = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("/hello")));

        Assert.Equal("Hello, ann.", await first.Content.ReadAsStringAsync());
        Assert.Equal("\"burst\";q=5;w=5, \"daily\";q=1000;w=9600", first.Headers.GetValues("RateLimit-Policy").Single());
        HttpResponseMessage refused = others.First(response => response.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(refused.Headers.RetryAfter);

        // Another user is not affected, and both share the address.
        await SignInAsync(client, "bob");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/hello")).StatusCode);
        string keys = await redis.ExecuteAsync("KEYS", "*");
        Assert.Contains("hello:{u:ann}user", keys);
        Assert.Contains("hello:{u:bob}user", keys);
        Assert.Contains("hello:{a:127.0.0.1}address", keys);
    }

    private static async Task SignInAsync(HttpClient client, string name)
    {
        client.DefaultRequestHeaders.Authorization = null;
        using HttpResponseMessage response = await client.PostAsync($"/login/{name}", null);
        JsonElement token = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", token.GetProperty("accessToken").GetString());
    }

    private static async Task<Uri> WaitAsync(Task<Uri> listening, List<string> lines)
    {
        try
        {
            return await listening.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(string.Join('\n', lines));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
