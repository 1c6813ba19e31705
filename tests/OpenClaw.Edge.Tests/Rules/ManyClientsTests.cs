using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Rules;

/// <summary>Tests rules with five thousand clients: all are known, and every error is found.</summary>
public sealed class ManyClientsTests
{
    private const int Count = 5_000;

    [Fact]
    public void Configuration_FiveThousandClients_AllKnown()
    {
        EdgeOptions options = Read(Configuration(Clients(_ => "gold")), out List<string> errors);
        EdgeRules? rules = RulesCompiler.Compile(options, new Dictionary<string, string?>(), hasPepper: true, previous: null, errors);

        Assert.Empty(errors);
        AssertAllKnown(rules!);
    }

    [Fact]
    public void Configuration_FiveThousandClientsWithErrors_EveryErrorWithItsPath()
    {
        EdgeOptions options = Read(Configuration(Clients(i => i % 2 == 0 ? "gold" : "nope").Replace(
            "\"client-7\":{\"Tier\"", "\"client-7\":{\"Teer\"")), out List<string> errors);
        RulesCompiler.Compile(options, new Dictionary<string, string?>(), hasPepper: true, previous: null, errors);

        Assert.Equal(Count / 2, errors.Count);
        Assert.StartsWith("OpenClaw:Edge:Clients:client-7:Teer is not a setting;", errors[0]);
        Assert.Contains(
            errors, error => error.StartsWith($"OpenClaw:Edge:Clients:client-{Count - 1}:Tier is 'nope'; the tiers are: gold, silver."));
    }

    [Fact]
    public void Document_FiveThousandClients_AllKnownBesideTheConfigurations()
    {
        List<string> errors = [];
        RulesDocument? document = RulesDocument.Parse(
            $$"""{ "Clients": { {{Clients(_ => "gold")}}, "test": null }, "Deny": { "Clients": ["client-17"] } }""", errors);
        EdgeOptions options = StrictSettings.Read<EdgeOptions>(
            document!.Over(ConfigurationTree.Read(Configuration(""), EdgeOptions.Section)), errors);
        EdgeRules? rules = RulesCompiler.Compile(options, new Dictionary<string, string?>(), hasPepper: true, previous: null, errors);

        Assert.Empty(errors);
        AssertAllKnown(rules!);
        Assert.NotNull(rules!.Clients.FindById("silver-sample"));
        Assert.Null(rules.Clients.FindById("test"));
    }

    private static void AssertAllKnown(EdgeRules rules)
    {
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal("gold", rules.Clients.FindById($"client-{i}")?.Tier?.Name);
            Assert.Equal($"client-{i}", rules.Clients.FindByHash(Hash(i))?.Id);
        }
    }

    private static EdgeOptions Read(IConfiguration configuration, out List<string> errors)
    {
        errors = [];
        return StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, errors);
    }

    private static IConfigurationRoot Configuration(string clients) => new ConfigurationBuilder()
        .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
        .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"))
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "OpenClaw": { "Edge": { "Clients": { {{clients}} } } } }""")))
        .Build();

    private static string Clients(Func<int, string> tier) => string.Join(
        ',', Enumerable.Range(0, Count).Select(i => $$"""
            "client-{{i}}":{"Tier":"{{tier(i)}}","KeyHashes":["{{Convert.ToHexStringLower(Hash(i))}}"]}
            """));

    private static byte[] Hash(int i) => SHA256.HashData(BitConverter.GetBytes(i));
}
