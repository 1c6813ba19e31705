using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class SummarizeTests(RatingApiServer server) : IClassFixture<RatingApiServer>
{
    private readonly HttpClient _client = server.Connect();

    [Fact]
    public async Task Summarize_AfterRatings_IsTheirCountMeanAndHistogram()
    {
        foreach (int score in (int[])[5, 5, 4])
        {
            await RateAsync(score, "summarized");
        }

        string summary = await _client.GetStringAsync("/ratings/summarized");

        Assert.Equal("""{"subject":"summarized","count":3,"mean":4.6667,"histogram":{"1":0,"2":0,"3":0,"4":1,"5":2}}""", summary);
    }

    [Theory]
    [InlineData("with space", "with%20space")]
    [InlineData("ünï😀", "%C3%BCn%C3%AF%F0%9F%98%80")]
    [InlineData("100%", "100%25")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    [InlineData("{x}:y", "%7Bx%7D%3Ay")]
    public async Task Summarize_PercentEncodedSubject_IsFound(string subject, string path)
    {
        await RateAsync(2, subject);

        JsonObject? summary = await _client.GetFromJsonAsync<JsonObject>($"/ratings/{path}");

        Assert.Equal(subject, (string)summary!["subject"]!);
        Assert.Equal(1, (int)summary["count"]!);
    }

    [Fact]
    public async Task Summarize_SubjectThatDiffersInCase_IsAnotherSubject()
    {
        await RateAsync(2, "Cased");

        using HttpResponseMessage response = await _client.GetAsync("/ratings/cased");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Summarize_NeverRated_IsA404ProblemNamingTheSubject()
    {
        using HttpResponseMessage response = await _client.GetAsync("/ratings/sushi");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("'sushi'", (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!);
    }

    [Fact]
    public async Task Summarize_RefusedRating_WasNotCounted()
    {
        await RateAsync(3, "refused");
        using HttpResponseMessage refused = await _client.PostAsJsonAsync("/rating", new { score = 6, subject = "refused" });

        JsonObject? summary = await _client.GetFromJsonAsync<JsonObject>("/ratings/refused");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(1, (int)summary!["count"]!);
    }

    [Fact]
    public async Task Summarize_RatingsWithoutSubject_CountForOpenClaw()
    {
        await using RatingApiServer fresh = new();
        using HttpClient client = fresh.Connect();
        foreach (string body in (string[])["""{"score":4}""", """{"score":2,"subject":null}""", """{"score":3,"subject":"openclaw"}"""])
        {
            (await client.PostAsync("/rating", new StringContent(body, null, "application/json"))).EnsureSuccessStatusCode();
        }

        JsonObject? summary = await client.GetFromJsonAsync<JsonObject>("/ratings/openclaw");

        Assert.Equal(3, (int)summary!["count"]!);
        Assert.Equal(3.0, (double)summary["mean"]!);
    }

    [Fact]
    public async Task Summarize_MoreSubjectsThanKept_TheLeastRecentlyRatedIsGone()
    {
        await using RatingApiServer small = new(("Ratings:MaxSubjects", "2"));
        using HttpClient client = small.Connect();
        foreach (string subject in (string[])["a", "b", "a", "c"])
        {
            (await client.PostAsJsonAsync("/rating", new { score = 4, subject })).EnsureSuccessStatusCode();
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/ratings/a")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/ratings/b")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/ratings/c")).StatusCode);
    }

    private async Task RateAsync(int score, string subject) =>
        (await _client.PostAsJsonAsync("/rating", new { score, subject })).EnsureSuccessStatusCode();
}
