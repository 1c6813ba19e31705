using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Redis;

/// <summary>Tests validation of the connection string, and secrets in separate settings.</summary>
public sealed class RedisConnectionTests
{
    private const string Secret = "s3cret";
    private const string Password = "Zk8-first,second-h4lf=\"x\" ,$;";

    [Theory]
    [InlineData("redis:6379,password=Zk8,s3cret")]
    [InlineData("redis:6379,password=Zk8,s3cret:6379")]
    [InlineData("redis:6379,password=Zk8,s3cret,ssl=true")]
    [InlineData("redis:6379,password=Zk8,s3cret=x")]
    [InlineData("redis:6379,password=Zk8,ssl=s3cret")]
    [InlineData("redis:6379,password=Zk8,$s3cret=x")]
    [InlineData("redis:6379,password=Zk8,$x=s3cret")]
    [InlineData("redis:6379,password=s3cret,")]
    [InlineData("redis:6379,password=,s3cret")]
    [InlineData("redis:6379,password= s3cret")]
    [InlineData("redis:6379,Password=Zk8,password=s3cret")]
    [InlineData("redis:6379,user=some,s3cret,password=Zk8")]
    [InlineData("redis:6379,serviceName=main,sentinelPassword=Zk8,s3cret")]
    [InlineData("password=s3cret,redis:6379")]
    public void Ambiguous_IsRefusedWithoutAnyPartOfIt(string connection)
    {
        string error = Check(connection)!;

        Assert.StartsWith("ConnectionStrings:redis is ambiguous: ", error, StringComparison.Ordinal);
        Assert.Contains("OpenClaw:Edge:Redis:Password", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Zk8", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret=x,redis:6379")]
    [InlineData("redis:6379,s3cret=x")]
    [InlineData("redis:6379,$s3cret=x")]
    [InlineData("redis://:s3cret@redis:6379")]
    [InlineData("redis:6379,ssl=s3cret")]
    [InlineData("ssl=true")]
    public void Unreadable_IsRefusedWithoutAnyPartOfIt(string connection)
    {
        string error = Check(connection)!;

        Assert.StartsWith("ConnectionStrings:redis cannot be read; ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("redis:6379,password=a=b!@#$%^&*()[]{};ssl=true")]
    [InlineData("redis0:6379,redis1:6380,[::1]:6381,10.0.0.1,allowAdmin=true,user=edge,password=secret,ssl=true,$SCRIPT=")]
    [InlineData("cache.example.net:6380, password=secret=, ssl=True, abortConnect=False")]
    [InlineData("sentinel0:26379,sentinel1:26379,serviceName=main,password=a,sentinelPassword=b,proxy=None")]
    public void Clear_IsAccepted(string connection) => Assert.Null(Check(connection));

    [Fact]
    public void ComponentsOwnSection_IsCheckedToo()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Aspire:StackExchange:Redis:ConnectionString", "redis:6379,password=Zk8,s3cret")])
            .Build();

        string error = new RedisConnectionValidator(configuration).Validate(null, new EdgeOptions()).FailureMessage!;

        Assert.StartsWith("Aspire:StackExchange:Redis:ConnectionString is ambiguous: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CommaInThePassword_OneLineWithoutAnyPartOfIt()
    {
        (int exitCode, string error) = await EdgeProcess.FailAsync(
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ConnectionStrings__redis", "127.0.0.1:1,password=Zk8-first,second-h4lf"));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ConnectionStrings:redis is ambiguous: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("h4lf", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Password_OfItsOwn_MayHaveAnyCharactersAndIsNeverLogged()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = Password });
        await using Stack stack = await Stack.StartAsync($"{server.EndPoint},password=another", ("OpenClaw:Edge:Redis:Password", Password));

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        Assert.Equal("1", await server.ExecuteAsync("EVAL",
            $"return #redis.call('KEYS', '{stack.Scope}:*client*') > 0 and 1 or #redis.call('KEYS', '{stack.Scope}:*') > 0 and 1", "0"));
        Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.ToString().Contains("h4lf", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wrong", SentinelDeployment.ServiceName, "The Sentinels refuse the password: set Redis:SentinelPassword")]
    [InlineData("", SentinelDeployment.ServiceName, "The Sentinels refuse the password: set Redis:SentinelPassword")]
    [InlineData("sentinel, secret", "another", "The Sentinels know no service another")]
    public async Task Sentinel_WrongSetting_IsNamedOnce(string password, string service, string expected)
    {
        Requires.RedisServer();
        await using SentinelDeployment deployment = await SentinelDeployment.StartAsync("redis, secret", "sentinel, secret");
        await using Stack stack = await Stack.StartAsync(
            deployment.ConnectionString.Replace($"={SentinelDeployment.ServiceName}", $"={service}", StringComparison.Ordinal),
            ("OpenClaw:Edge:Redis:Password", "redis, secret"),
            ("OpenClaw:Edge:Redis:SentinelPassword", password));

        await Poll.UntilAsync(
            () => string.Join('\n', stack.Edge.Logs.GetSnapshot().Select(line => line.Message)),
            () => stack.Edge.Logs.GetSnapshot().Any(line => line.Message.StartsWith(expected, StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20));

        Assert.Single(stack.Edge.Logs.GetSnapshot(), line => line.Id.Id == 602);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sentinel_WithAnotherPassword_FindsTheMaster()
    {
        Requires.RedisServer();
        await using SentinelDeployment deployment = await SentinelDeployment.StartAsync("redis, secret", "sentinel, secret");

        await using Stack stack = await Stack.StartAsync(
            deployment.ConnectionString, ("OpenClaw:Edge:Redis:Password", "redis, secret"),
            ("OpenClaw:Edge:Redis:SentinelPassword", "sentinel, secret"));

        await Poll.UntilAsync("Redis decides", async () =>
        {
            await stack.Edge.Client.StatusAsync();
            return stack.Edge.Services.GetRequiredService<IRateLimiterHealth>().Circuit == CircuitState.Closed
                && await deployment.Servers[0].ExecuteAsync("DBSIZE") != "0";
        }, TimeSpan.FromSeconds(20));
        Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));
    }

    private static string? Check(string connection)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:redis", connection)])
            .Build();
        ValidateOptionsResult result = new RedisConnectionValidator(configuration).Validate(null, new EdgeOptions());
        return result.Failed ? Assert.Single(result.Failures) : null;
    }
}
