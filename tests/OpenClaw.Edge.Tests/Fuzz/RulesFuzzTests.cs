using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Fuzz;

/// <summary>Parses, compiles and applies random documents, as Redis might hold them.</summary>
public sealed class RulesFuzzTests
{
    // What stands between two quotes, as bytes on the wire: escapes are not made whole, and need not be.
    private static readonly Gen<string> Quoted = Gen.Frequency(
            (4, Gen.OneOf("rating", "address", "burst", "gold", "test", "client", "header:X-T", "route", "GET", "00:00:01", "10.0.0.0/8",
                "::/0", "5", "true", "Open", "")),
            (1, Gen.OneOf(
                "\\ud800", "\\udc00\\ud800", "\\u0000", "\\n", "\\", "\\x", "\\u12", "a:b", ":", "\u00e9", "\ud83d\ude00", "RATING",
                "332a6fed72ef464a3f4902a1f36ad50cb57dbfaed48e556afc04acc0eaf16d18")),
            (1, Gen.String[Gen.Char, 0, 12]))
        .Select(text => $"\"{text}\"");

    private static readonly Gen<string> Name = Gen.Frequency(
        (8, Gen.OneOf(
            "Policies", "Tiers", "Clients", "Allow", "Deny", "AddressPolicy", "Buckets", "Capacity", "RefillTokens", "RefillPeriod",
            "Shadow", "Cost", "Methods", "Routes",
            "PartitionBy", "FailureMode", "KeyHashes", "Tier", "Enabled", "Networks", "Default", "ResponseHeader", "rating", "address",
            "burst", "gold", "test")
            .Select(name => $"\"{name}\"")),
        (1, Quoted));

    private static readonly Gen<string> Scalar = Gen.Frequency(
        (4, Quoted),
        (2, Gen.Long[-2, 300].Select(number => $"{number}")),
        (1, Gen.OneOf("null", "true", "false", "1e9", "1.5", "-0", "9007199254740993", "1e999", "nul", "")));

    private static readonly Gen<string> Any = Gen.Recursive<string>((depth, deeper) => depth >= 6 ? Scalar : Gen.Frequency(
        (3, Gen.Select(Name, deeper).Array[0, 4]
            .Select(members => $"{{{string.Join(',', members.Select(member => $"{member.Item1}:{member.Item2}"))}}}")),
        (2, Scalar),
        (1, deeper.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"))));

    // Mostly valid documents, so that errors occur deep inside them.
    private static readonly Gen<string> Document = Gen.OneOf(
        Any,
        Gen.String[Gen.Char, 0, 40],
        Gen.Select(Name, Any).Select((name, value) => $"{{\"Policies\":{{{name}:{value}}}}}"),
        Gen.Select(Quoted, Scalar, Scalar, Any).Select((name, capacity, refill, cost) =>
            $"{{\"Policies\":{{{name}:{{\"Buckets\":{{\"burst\":{{\"Capacity\":{capacity},\"RefillTokens\":{refill}}}}},"
            + $"\"Cost\":{cost}}}}}}}"),
        Gen.Select(Quoted, Scalar, Scalar)
            .Select((id, hash, tier) => $"{{\"Clients\":{{{id}:{{\"KeyHashes\":[{hash}],\"Tier\":{tier}}}}}}}"),
        Gen.Select(Quoted, Name, Scalar)
            .Select((tier, policy, capacity) => $"{{\"Tiers\":{{{tier}:{{{policy}:{{\"burst\":{{\"Capacity\":{capacity}}}}}}}}}}}"),
        Gen.Select(Scalar, Scalar, Scalar).Select(
            (network, client, policy) => $"{{\"Deny\":{{\"Networks\":[{network}],\"Clients\":[{client}]}},\"AddressPolicy\":{policy}}}"));

    [Fact]
    public void Apply_AnyDocument_InForceOrRefusedWithReasonsAndNoException()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"))
            .Build();
        EdgeOptions options = StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
        using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<EdgeMetrics>().BuildServiceProvider();
        using EdgeRulesStore store = new(
            configuration,
            Microsoft.Extensions.Options.Options.Create(options),
            services.GetRequiredService<EdgeMetrics>(),
            NullLogger<EdgeRulesStore>.Instance);
        int version = 0;
        int inForce = 0;

        Document.Sample(
            json =>
            {
                EdgeRules before = store.Current;
                IReadOnlyList<string> refused = store.Apply($"{++version}", json);
                bool changed = !ReferenceEquals(before, store.Current);
                inForce += changed ? 1 : 0;

                // No document is refused because of an unexpected exception.
                return changed == (refused.Count == 0)
                    && !refused.Any(error => error.Contains("xception") || error.Contains("cannot be compiled"));
            },
            iter: 20_000,
            threads: 1);

        // Some documents are applied and some are refused.
        Assert.InRange(inForce, 100, 19_900);
    }
}
