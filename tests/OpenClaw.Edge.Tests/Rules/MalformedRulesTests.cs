using System.Diagnostics;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Rules;

public sealed class MalformedRulesTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("null", "must be an object")]
    [InlineData("{ \"Policies\": [] }", "must be an object")]
    [InlineData("{ \"Policies\": { \"rating\": null } }", "RateLimiterPolicy is 'rating'")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Buckets\": {} } } }", "buckets")]
    [InlineData(
        "{ \"Policies\": { \"rating\": { \"Buckets\": { \"b\": { \"Capacity\": 1e9, \"RefillTokens\": 1 } } } } }", "a whole number")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Bucket\": {} } } }", "Bucket is not a setting")]
    [InlineData("{ \"Policies\": { \"a\": {}, \"a\": {} } }", "not JSON")]
    [InlineData("{ \"Policies\": { \"a:b\": {} } }", "no colon")]
    [InlineData("{ \"Policies\": { \"x\": {}, \"X\": {} } }", "differ in more than case")]
    [InlineData("{ \"ApiKeys\": { \"Pepper\": \"00000000000000000000000000000000\" } }", "ApiKeys is not a setting")]
    [InlineData("{ \"Admin\": { \"Key\": \"00000000000000000000000000000000\" } }", "Admin is not a setting")]
    [InlineData("{ \"Deny\": { \"Networks\": [null] } }", "Deny:Networks:0 is null")]
    [InlineData("{ \"Deny\": null }", "Deny is null")]
    [InlineData("{ \"AddressPolicy\": null }", "AddressPolicy is null")]
    [InlineData("{ \"AddressPolicy\": {} }", "AddressPolicy is an empty section; it must be a text")]
    [InlineData("{ \"AddressPolicy\": \"\\ud800\" }", "AddressPolicy has a text with half a surrogate pair")]
    [InlineData("{ \"Policies\": { \"\\ud800\": {} } }", "surrogate")]
    [InlineData(
        "{ \"Clients\": { \"x\": { \"KeyHashes\": [\"\\udc00\"] } } }", "Clients:x:KeyHashes:0 has a text with half a surrogate pair")]
    [InlineData("{ \"deny\": {}, \"Deny\": {} }", "differ in more than case")]
    [InlineData("{ \"Policies:rating\": {} }", "no colon")]
    [InlineData("{ \"Polices\\nfail, all is well\": {} }", "Polices fail, all is well is not a setting")]
    [InlineData("{ \"AddressPolicy\": \"a\\r\\nfail: all is well\" }", "AddressPolicy is 'a fail: all is well'")]
    [InlineData("{ \"Deny\": { \"Networks\": \"all\" } }", "Deny:Networks is a text; it must be a list")]
    [InlineData("{ \"Clients\": { \"x\": \"y\" } }", "Clients:x is a text; it must have settings below it")]
    public async Task MalformedDocument_RefusedLoggedOnceAndLastGoodStays(string document, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        EdgeRules before = stack.Edge.Rules.Current;

        await stack.WriteRulesAsync(connection, "bad", document);
        await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Count > 0, Patience);
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        string refusal = Assert.Single(stack.Edge.Refusals);
        Assert.Contains(expected, refusal);
        Assert.DoesNotContain(refusal.Split('\n'), line => line.StartsWith("fail"));
        Assert.Same(before, stack.Edge.Rules.Current);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));

        await stack.WriteRulesAsync(connection, "good", "{}");
        await stack.Edge.UntilRulesAsync("good");
    }

    [Fact]
    public async Task MalformedDocumentBeforeStart_RefusedAndTheConfigurationIsInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await stack.WriteRulesAsync(connection, "bad", """{ "AddressPolicy": "\ud800" }""");

        TestEdge second = await stack.AddEdgeAsync();
        using HttpResponseMessage response = await second.Client.SendAsync();

        Assert.Single(second.Refusals);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task DeeplyNestedOrHugeDocument_Refused()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRulesStore store = stack.Edge.Rules;

        Assert.Contains("not JSON", Assert.Single(store.Check(string.Concat(Enumerable.Repeat("{\"Policies\":", 100)))));
        Assert.Contains("bytes", Assert.Single(store.Check(new string(' ', RulesDocument.MaxBytes + 1))));
    }

    /// <summary>If each error quoted the whole document, a document of a megabyte would cause a hundred gigabytes of errors.</summary>
    [Fact]
    public async Task DocumentMadeForLongErrors_RefusedInTimeAndMemoryInProportionToIt()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRulesStore store = stack.Edge.Rules;
        string manyEntries = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"{i}\":{{}}"));
        string[] documents =
        [
            $$"""{ "Policies": { "{{new string('n', 200_000)}}": { {{manyEntries}} } } }""",
            $$"""{ "Policies": { "rating": { "Buckets": { {{manyEntries}} } } }, """
            + $$"""  "Tiers": { "t": { "rating": { {{manyEntries.Replace("\"1", "\"x")}} } } } }""",
            $$"""{ "Tiers": { {{manyEntries}} }, "Clients": { {{manyEntries.Replace("{}", "{\"Tier\":\"x\"}")}} } }""",
        ];

        long start = Stopwatch.GetTimestamp();
        Assert.All(documents, document =>
        {
            Assert.InRange(document.Length, 200_000, RulesDocument.MaxBytes);
            IReadOnlyList<string> errors = store.Check(document);

            Assert.NotEmpty(errors);
            Assert.InRange(errors.Sum(error => (long)error.Length), 1, 10L * RulesDocument.MaxBytes);
        });

        // A quadratic comparison of names would take minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
