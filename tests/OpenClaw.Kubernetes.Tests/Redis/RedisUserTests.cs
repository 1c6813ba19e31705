using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>The users of the Redis in the cluster, and their rights.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class RedisUserTests : IClassFixture<RedisPod>, IAsyncLifetime
{
    private readonly RedisPod _pod;

    public RedisUserTests(RedisPod pod) => _pod = pod;

    public async ValueTask InitializeAsync() => await _pod.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("edge", "set rl:a 1", "OK")]
    [InlineData("edge", "set other 1", "NOPERM")]
    [InlineData("edge", "config get dir", "NOPERM")]
    [InlineData("edge", "flushall", "NOPERM")]
    [InlineData("edge", "get rl:a", "NOPERM")]
    [InlineData("edge", "multi", "NOPERM")]
    [InlineData("edge", "hmset openclaw:edge:rules a b", "NOPERM")]
    [InlineData("notifier", "xadd openclaw:{events}:deliveries * id 1", "-0")]
    [InlineData("notifier", "hget openclaw:edge:rules a", "NOPERM")]
    [InlineData("notifier", "mget rl:a", "NOPERM")]
    [InlineData("operator", "hset openclaw:edge:rules a b", "1")]
    [InlineData("operator", "hset openclaw:edge:other a b", "NOPERM")]
    [InlineData("operator", "xadd openclaw:{events}:retry * id 1", "-0")]
    [InlineData("operator", "scan 0", "0")]
    [InlineData("operator", "client list", "user=operator")]
    [InlineData("operator", "client pause 1", "NOPERM")]
    [InlineData("operator", "set rl:a 2", "NOPERM")]
    [InlineData("operator", "keys *", "NOPERM")]
    [InlineData("operator", "flushall", "NOPERM")]
    [InlineData("probe", "ping", "PONG")]
    [InlineData("probe", "get rl:a", "NOPERM")]
    public async Task User_OfAService_MayDoWhatItNeeds(string user, string command, string answer) =>
        Assert.Contains(answer, $"{await _pod.CommandAsync(user, command)}");

    [Fact]
    public async Task DefaultUser_IsOff() =>
        Assert.Contains("NOAUTH", $"{await Tool.RunAsync("redis-cli", ["-p", $"{_pod.Port}", "ping"])}");

    [Fact]
    public async Task Cli_InThePod_IsTheOperators() =>
        Assert.Equal(RedisPod.Operator, $"{await _pod.ScriptAsync("cli.sh --no-auth-warning acl whoami")}");

    /// <summary>The rights of the page are those that tests of edge and notifier work with: no more, and no less. None is wider than single
    /// commands and keys.</summary>
    [Theory]
    [InlineData("edge")]
    [InlineData("notifier")]
    public void Rights_OfAUser_AreThoseOfTheGuide(string user)
    {
        string[] documented =
        [
            .. Regex.Matches(
                    File.ReadAllText(Repository.At("docs/how-to/set-up-the-redis-user.md")),
                    $"^ACL SETUSER {user} (?:on >secret )?(.*)$",
                    RegexOptions.Multiline)
                .SelectMany(line => line.Groups[1].Value.Split(' '))
                .Except(["resetkeys", "resetchannels", "-@all"]).Order(),
        ];
        Assert.NotEmpty(documented);
        string script = File.ReadAllText(Repository.At("aspire-manifest/kubernetes/components/redis/start.sh"));
        string lines = Regex.Match(script, $"""echo "user {user} reset on(.*?)\)"\n""", RegexOptions.Singleline).Groups[1].Value;

        string[] rights = [.. Right().Matches(lines).Select(m => m.Value).Order()];
        Assert.Equal(documented, rights);
        Assert.DoesNotContain(rights, r => r.StartsWith("+@", StringComparison.Ordinal) || r is "~*" or "&*");
    }

    [GeneratedRegex(@"(?<=[ ""])[~&+][^ ""]+")]
    private static partial Regex Right();
}
