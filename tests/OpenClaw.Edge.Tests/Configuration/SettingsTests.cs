using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class SettingsTests
{
    private const string Unreachable = "127.0.0.1:1,abortConnect=false,connectTimeout=100";

    [Theory]
    [InlineData("ClientAddress:TrustedNetworks:0", "10.0.0.0/99", "10.0.0.0/8")]
    [InlineData("ClientAddress:TrustedNetworks:0", "ten", "10.0.0.0/8")]
    [InlineData("ClientAddress:Header", "X-Real-IP", "X-Forwarded-For or Forwarded")]
    [InlineData("ClientAddress:IPv6PrefixLength", "16", "32 to 128")]
    [InlineData("ClientAddress:IPv6PrefixLength", "many", "a whole number")]
    [InlineData("ApiKeys:Header", "X API Key", "the name of a header")]
    [InlineData("ApiKeys:Unknown", "Maybe", "Anonymous, Reject, Accept")]
    [InlineData("ApiKeys:Pepper", "short", "at least 32")]
    [InlineData("ApiKeys:Bearer", "yes please", "true or false")]
    [InlineData("Answers:RateLimitHeaders", "3", "Ietf, Legacy, Both, None")]
    [InlineData("Answers:RetryAfterJitter", "-1", "0 to 10")]
    [InlineData("Cors:AllowedOrigins:0", "app.example.com", "an origin")]
    [InlineData("Answers:RateLimitHeaders", "Draft06, Legacy", "Draft06, Draft06AndLegacy, IetfAndDraft06, All")]
    [InlineData("Cors:AllowCredentials", "true", "OpenClaw:Edge:Cors:AllowedOrigins must list the origins")]
    [InlineData("Upstream:CostTimeout", "00:06:00", "00:05:00")]
    [InlineData("Overload:MaxConnectionsPerAddress", "0",
        "OpenClaw:Edge:Overload:MaxConnectionsPerAddress is 0; it must be 1 to 10000, which is OpenClaw:Edge:Overload:MaxConnections.")]
    [InlineData("Overload:MaxConnectionsPerAddress", "10001", "1 to 10000, which is OpenClaw:Edge:Overload:MaxConnections.")]
    [InlineData("Overload:MaxConnectionsPerAddress", "half", "a whole number")]
    [InlineData("Overload:MaxConcurrentRequests", "0", "1 to")]
    [InlineData("Overload:MaxConcurrentRequestsPerAddress", "0", "1 to 1000, which is OpenClaw:Edge:Overload:MaxConcurrentRequests.")]
    [InlineData("Overload:MaxConcurrentRequestsPerAddress", "1001", "1 to 1000")]
    [InlineData("Overload:MaxConcurrentRequestsPerAddress", "half", "a whole number")]
    [InlineData("Overload:MaxUpgradedConnectionsPerAddress", "1001", "1 to 1000, which is OpenClaw:Edge:Overload:MaxUpgradedConnections.")]
    [InlineData("Overload:MaxRequestBodyBytes", "1 MiB", "a whole number")]
    [InlineData("Upstream:ConnectTimeout", "5", "a duration")]
    [InlineData("Drain:Delay", "01:00:00", "00:05:00")]
    [InlineData("RedisRules:PollInterval", "00:00:00", "00:00:00.1000000")]
    [InlineData("RedisRules:PollInterval", "00:00:01", "00:00:00.5000000")]
    [InlineData("Admin:Key", "short", "at least 32")]
    [InlineData("Admin:Address", "localhost", "127.0.0.1")]
    [InlineData("Admin:Address", "10", "127.0.0.1")]
    [InlineData("Admin:Port", "70000", "65535")]
    [InlineData("AddressPolicy", "nope", "address, rating")]
    [InlineData("AddressPolicy", "rating", "PartitionBy is not 'address'")]
    [InlineData("Policies:rating:PartitionBy", "moon", "client, address, route, global or header:Name")]
    [InlineData("Policies:rating:PartitionBy", "header:", "the name of a header")]
    [InlineData("Policies:rating:FailureMode", "Sometimes", "Local, Open, Closed")]
    [InlineData("Policies:rating:Buckets:burst:Capacity", "0", "at least 1")]
    [InlineData("Policies:rating:Buckets:burst:RefillPeriod", "1", "a duration")]
    [InlineData("Policies:rating:Buckets:bad name:Capacity", "5", "letters, digits")]
    [InlineData("Policies:bad name:Buckets:burst:Capacity", "5", "Policies:bad name:Buckets: the policy's name is 'bad name'")]
    [InlineData("Policies:rating:Cost:Default", "-1", "0 to 1000000")]
    [InlineData("Policies:rating:Cost:Routes:nope", "1", "rating, ratings")]
    [InlineData("Policies:rating:Cost:ResponseHeader", "a b", "the name of a header")]
    [InlineData("Policies:default:Buckets:b:Capacity", "1", "YARP reserves")]
    [InlineData("Tiers:gold:nope:burst:Capacity", "5", "address, rating")]
    [InlineData("Tiers:gold:rating:nope:Capacity", "5", "burst")]
    [InlineData("Tiers:gold:rating:burst:Capacity", "-5", "OpenClaw:Edge:Tiers:gold:rating:burst:Capacity is -5; it must be at least 1.")]
    [InlineData("Clients:test:Tier", "platinum", "gold, silver")]
    [InlineData("Clients:test:KeyHashes:0", "plain-key", "64 hexadecimal digits")]
    [InlineData("Clients:bad id:Tier", "gold", "letters, digits")]
    [InlineData("Allow:Networks:0", "everything", "10.0.0.0/8")]
    [InlineData("Deny:Clients:0", "nobody", "not the id of a client")]
    [InlineData("Limiter:Deadline", "never", "a duration")]
    [InlineData("Limiter:Deadline", "00:00:11", "1 ms to 10 s")]
    [InlineData("Limiter:KeyPrefix", "a{b", "1 to 32 characters")]
    [InlineData("Limiter:Lanes", "0", "1 to 64")]
    [InlineData("Limiter:MaxLocalPartitions", "999", "1000 to 10000000")]
    [InlineData("Limiter:ReplicaName", "", "1 to 256")]
    [InlineData("Polices:rating:Buckets:burst:Capacity", "5", "Policies")]
    [InlineData("Drain:Dely", "00:00:01", "Delay")]
    [InlineData("Policies:rating:Buckets:burst:Capcity", "5", "Capacity")]
    public async Task Start_OneWrongSetting_NamesItAndWhatWouldBeRight(string setting, string value, string expected)
    {
        List<string> errors = await ErrorsAsync(("OpenClaw:Edge:" + setting, value));

        Assert.Contains(errors, error => error.Contains(setting.Split(':')[0]) && error.Contains(expected));
    }

    [Theory]
    [InlineData("AddressPolicy", "a text")]
    [InlineData("ApiKeys:Pepper", "a text")]
    [InlineData("ApiKeys:Unknown", "one of Anonymous")]
    [InlineData("Answers:RetryAfterJitter", "a number")]
    [InlineData("Cors:AllowedOrigins", "a list")]
    [InlineData("Drain:Delay", "a duration")]
    [InlineData("Limiter:KeyPrefix", "a text")]
    [InlineData("Policies:rating:PartitionBy", "a text")]
    [InlineData("Policies:rating:Buckets:burst:Capacity", "a whole number")]
    [InlineData("Policies:rating:Cost:Methods:GET", "a whole number")]
    [InlineData("Policies:rating:Shadow", "true or false")]
    [InlineData("Tiers:gold:rating:burst:Capacity", "a whole number")]
    [InlineData("Clients:test:Tier", "a text")]
    [InlineData("Clients:test:KeyHashes", "a list")]
    [InlineData("Clients:test:KeyHashes:0", "a text")]
    [InlineData("Deny:Networks", "a list")]
    [InlineData("Deny:Networks:0", "a text")]
    public async Task Start_NullForAValueOrAList_NamesItAndWhatWouldBeRight(string setting, string expected)
    {
        List<string> errors = await ErrorsAsync(("OpenClaw:Edge:" + setting, null));

        Assert.Contains(errors, error => error.StartsWith($"OpenClaw:Edge:{setting} is null; it must be {expected}"));
    }

    /// <summary>Configuration does not distinguish <c>null</c> from <c>{}</c>.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public void Read_NullOrEmptySection_DefaultsInIt(string section)
    {
        EdgeOptions options = Read($$"""
            {
              "Allow": {{section}}, "Drain": {{section}}, "Tiers": {{section}}, "Clients": { "x": {{section}} },
              "Policies": { "p": { "Cost": {{section}}, "Buckets": { "b": {{section}} } } }
            }
            """);

        Assert.Empty(options.Allow.Networks);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Drain.Delay);
        Assert.Empty(options.Tiers);
        Assert.True(options.Clients["x"].Enabled);
        Assert.Equal(1, options.Policies["p"].Cost.Default);
        Assert.Equal(0, options.Policies["p"].Buckets["b"].Capacity);
    }

    [Fact]
    public void Read_EmptyList_HasNothing() => Assert.Empty(
        Read("""{ "Deny": { "Networks": [] }, "Clients": { "x": { "KeyHashes": [] } } }""").Clients["x"].KeyHashes);

    [Fact]
    public void Read_SeveralSources_LaterOnesWinValueByValue()
    {
        IConfiguration first = new ConfigurationBuilder()
            .AddJsonStream(Json("""{ "Drain": { "Delay": "00:00:01" }, "Deny": { "Networks": ["a", "b"] } }"""))
            .Build();
        IConfiguration all = new ConfigurationBuilder()
            .AddConfiguration(first)
            .AddJsonStream(Json("""{ "drain": { "timeout": "00:00:02" }, "Deny": { "Networks": ["c"] } }"""))
            .Add(
                new PlainSource { ["OpenClaw:Edge:Drain:Delay"] = "00:00:03", ["OpenClaw:Edge:Clients:x:Tier"] = "t", ["Other:Key"] = "v" })
            .Build();
        List<string> errors = [];

        EdgeOptions options = StrictSettings.Read<EdgeOptions>(all, EdgeOptions.Section, errors);

        Assert.Empty(errors);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)), (options.Drain.Delay, options.Drain.Timeout));
        Assert.Equal(["c", "b"], options.Deny.Networks);
        Assert.Equal("t", options.Clients["x"].Tier);
    }

    [Fact]
    public void Read_MoreThanTenItems_KeepTheirOrder()
    {
        string[] networks = [.. Enumerable.Range(0, 12).Select(i => $"10.0.{i}.0/24")];

        Assert.Equal(networks, Read($$"""{ "Deny": { "Networks": ["{{string.Join("\",\"", networks)}}"] } }""").Deny.Networks);
    }

    [Fact]
    public async Task Start_ManyWrongSettings_ReportsAllAtOnce()
    {
        List<string> errors = await ErrorsAsync(
            ("OpenClaw:Edge:Drain:Dely", "00:00:01"),
            ("OpenClaw:Edge:Overload:MaxConnections", "lots"),
            ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "400"),
            ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "500"),
            ("OpenClaw:Edge:ClientAddress:IPv6PrefixLength", "8"),
            ("OpenClaw:Edge:Policies:rating:PartitionBy", "moon"),
            ("OpenClaw:Edge:Clients:test:Tier", "platinum"),
            ("OpenClaw:Edge:Limiter:Lanes", "0"),
            ("OpenClaw:Edge:Limiter:CircuitThreshold", "0"),
            ("ReverseProxy:Routes:rating:RateLimiterPolicy", "ratng"));

        Assert.Equal(9, errors.Count);
        Assert.Contains("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress is 500; it must be 1 to 400, which is "
            + "OpenClaw:Edge:Overload:MaxConcurrentRequests.", errors);
        Assert.Contains("OpenClaw:Edge:Limiter:Lanes is 0; it must be 1 to 64.", errors);
        Assert.Contains("OpenClaw:Edge:Limiter:CircuitThreshold is 0; it must be 1 to 1000.", errors);
        Assert.Contains(errors, error => error.StartsWith(
            "ReverseProxy:Routes:rating:RateLimiterPolicy is 'ratng'; the policies are: address, rating."));
    }

    [Theory]
    [InlineData("ConnectionStrings:redis", "", "ConnectionStrings:redis cannot be read; it must be")]
    [InlineData("ConnectionStrings:redis", "127.0.0.1:6379,password=half,the-other=half", "ConnectionStrings:redis is ambiguous")]
    [InlineData("ConnectionStrings:redis", "redis://127.0.0.1:6379", "ConnectionStrings:redis cannot be read; it must be")]
    [InlineData("ConnectionStrings:redis", "127.0.0.1:half", "ConnectionStrings:redis cannot be read; it must be")]
    [InlineData("ReverseProxy:Routes:rating:ClusterId", "rating",
        "ReverseProxy:Routes:rating:ClusterId is 'rating'; the clusters are: rating-api.")]
    [InlineData(
        "OpenClaw:Edge:ClientAddress:TrustedNetworks", "10.0.0.0/8", "it must be a list: OpenClaw:Edge:ClientAddress:TrustedNetworks:0,")]
    public async Task Start_WrongSettingBesideTheEdgesOwn_NamesItAndWhatWouldBeRight(string setting, string value, string expected)
    {
        string error = Assert.Single(await ErrorsAsync((setting, value)));

        Assert.Contains(expected, error);
        Assert.DoesNotContain("half", error);
    }

    [Theory]
    [InlineData("rating-api")]
    [InlineData("localhost:5000")]
    public async Task Start_DestinationWithoutAScheme_SaysSo(string address)
    {
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => TestEdge.StartAsync(Unreachable, address, "settings"));

        Assert.Contains(
            $"ReverseProxy:Clusters:rating-api:Destinations:rating-api:Address is '{address}'; it must be an address that begins with "
                + "http:// or https://.",
            exception.ToString());
    }

    [Fact]
    public async Task Start_ClientsWithoutPepper_SaysSo()
    {
        Assert.Contains("ApiKeys:Pepper is missing", Assert.Single(await ErrorsAsync(("OpenClaw:Edge:ApiKeys:Pepper", ""))));
    }

    [Fact]
    public async Task Start_OneKeyForTwoClients_SaysSo()
    {
        const string HashOfTestKey = "332a6fed72ef464a3f4902a1f36ad50cb57dbfaed48e556afc04acc0eaf16d18";

        Assert.Contains(
            "a key has one owner", Assert.Single(await ErrorsAsync(("OpenClaw:Edge:Clients:other:KeyHashes:0", HashOfTestKey))));
    }

    private static EdgeOptions Read(string json)
    {
        List<string> errors = [];
        EdgeOptions options = StrictSettings.Read<EdgeOptions>(
            new ConfigurationBuilder().AddJsonStream(Json(json)).Build(), EdgeOptions.Section, errors);
        Assert.Empty(errors);
        return options;
    }

    private static MemoryStream Json(string edge) => new(Encoding.UTF8.GetBytes($$"""{ "OpenClaw": { "Edge": {{edge}} } }"""));

    private static async Task<List<string>> ErrorsAsync(params (string, string?)[] settings)
    {
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestEdge.StartAsync(Unreachable, "http://127.0.0.1:1", "settings", settings));
        return [.. exception.Failures];
    }
}
