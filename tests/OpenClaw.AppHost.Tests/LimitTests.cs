using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class LimitTests(StackFixture fixture)
{
    [Fact]
    public async Task Post_BeyondTheBurst_IsRefusedWithRetryAfter()
    {
        var client = NewClient();

        using var refusal = await client.ExhaustAsync();

        Assert.InRange(client.Admitted, RatingClient.Capacity, client.MostAdmitted);
        Assert.NotNull(refusal.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refusal.Content.Headers.ContentType?.MediaType);
        var problem = await refusal.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Too Many Requests", problem.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Post_SixtyAtOnceOverAllReplicas_AdmitsOneBurst()
    {
        var client = NewClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.PostAsync()));

        var mostAdmitted = client.MostAdmitted;
        var admitted = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.InRange(admitted, RatingClient.Capacity, mostAdmitted);
        Assert.Equal(60 - admitted, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Post_AnotherClientIsExhausted_IsAdmitted()
    {
        using var refusal = await NewClient().ExhaustAsync();

        using var answer = await NewClient().PostAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private RatingClient NewClient() => new(fixture.Stack, fixture.Stack.NewKey());
}
