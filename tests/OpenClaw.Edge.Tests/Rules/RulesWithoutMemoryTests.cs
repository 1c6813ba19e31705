using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Rules;

/// <summary>Documents that cannot be compiled for want of memory are not invalid.</summary>
public sealed class RulesWithoutMemoryTests(SharedRedis redis)
{
    private const string Document = """{ "Deny": { "Networks": ["127.0.0.79"] } }""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Document_ThatCouldNotBeCompiled_IsTriedAgainUntilItIsInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        ScarceMemory memory = ScarceMemory.In(stack.Edge);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);

        memory.IsUsedUp = true;
        await stack.WriteRulesAsync(connection, "1", Document);
        await Poll.UntilAsync("it is tried twice", () => memory.Refusals > 1, Patience);
        memory.IsUsedUp = false;

        await stack.Edge.UntilRulesAsync("1");
        Assert.Empty(stack.Edge.Refusals);
    }

    [Fact]
    public async Task Check_WithoutMemory_Is503AndSaysSo()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey));
        ScarceMemory memory = ScarceMemory.In(stack.Edge);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using StringContent document = new(Document, Encoding.UTF8, "application/json");

        memory.IsUsedUp = true;
        using HttpResponseMessage refused = await admin.PostAsync("/rules/check", document);
        memory.IsUsedUp = false;
        using HttpResponseMessage valid = await admin.PostAsync("/rules/check", document);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.NoContent), (refused.StatusCode, valid.StatusCode));
        Assert.Contains("There is not enough memory to compile the rules;", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Reload_WithoutMemory_KeepsTheRulesAndDoesNotThrow()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:RedisRules:Enabled", "false"));
        ScarceMemory memory = ScarceMemory.In(stack.Edge);
        EdgeRules before = stack.Edge.Rules.Current;

        memory.IsUsedUp = true;
        stack.Edge.Rules.Reload();
        memory.IsUsedUp = false;

        Assert.Same(before, stack.Edge.Rules.Current);
        Assert.Contains(EdgeRulesStore.NotEnoughMemory, Assert.Single(stack.Edge.Refusals), StringComparison.Ordinal);
    }

    /// <summary>A source of the configuration that cannot be read while memory is used up.</summary>
    private sealed class ScarceMemory : IConfigurationProvider, IConfigurationSource
    {
        private int _refusals;

        public bool IsUsedUp { get; set; }

        public int Refusals => Volatile.Read(ref _refusals);

        public static ScarceMemory In(TestEdge edge)
        {
            ScarceMemory memory = new();
            ((IConfigurationBuilder)edge.Services.GetRequiredService<IConfiguration>()).Add(memory);
            return memory;
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public bool TryGet(string key, out string? value)
        {
            value = null;
            return false;
        }

        public void Set(string key, string? value)
        {
        }

        public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

        public void Load()
        {
        }

        public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            if (IsUsedUp && parentPath == "OpenClaw:Edge")
            {
                Interlocked.Increment(ref _refusals);
                throw new OutOfMemoryException();
            }

            return earlierKeys;
        }
    }
}
