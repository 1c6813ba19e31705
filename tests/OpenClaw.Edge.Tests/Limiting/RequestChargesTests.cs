using System.Diagnostics;
using System.Net;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Tests.Limiting;

/// <summary>A kind of partition that is added must have a text and a partition, or these tests fail.</summary>
public sealed class RequestChargesTests
{
    private static readonly EdgeOptions Options = new()
    {
        Policies =
        {
            ["rating"] = new PolicyOptions { Buckets = { ["burst"] = new BucketOptions { Capacity = 1, RefillTokens = 1 } } },
        },
    };

    private static readonly EdgeRules Rules = RulesCompiler.Compile(
        Options, new Dictionary<string, string?>(), hasPepper: true, previous: null, [])!;

    private static readonly RequestIdentity Sender = new(
        IPAddress.Parse("192.0.2.1"), ClientAddress.From(IPAddress.Parse("192.0.2.1"), 64), "a:192.0.2.1", "c:acme", null, false);

    [Fact]
    public void Create_EveryKindOfPartition_ChargesItsOwn()
    {
        Dictionary<PartitionKind, string> partitions = Enum.GetValues<PartitionKind>().ToDictionary(kind => kind, PartitionOf);

        Assert.Equal(
            new Dictionary<PartitionKind, string>
            {
                [PartitionKind.Client] = "c:acme",
                [PartitionKind.Address] = "a:192.0.2.1",
                [PartitionKind.Route] = "given",
                [PartitionKind.Global] = "g:",
                [PartitionKind.Header] = "given",
            },
            partitions);
    }

    [Fact]
    public void Create_UnknownKindOfPartition_Throws() =>
        Assert.Contains("PartitionKind.99", Assert.Throws<UnreachableException>(() => PartitionOf((PartitionKind)99)).Message);

    [Fact]
    public void Create_HeaderMissing_ChargesTheAddress() =>
        Assert.Equal("a:192.0.2.1", RequestCharges.Create(Rules, Policy(PartitionKind.Header), Sender, null, 1).Own.Partition);

    [Fact]
    public void Parse_TheTexts_GiveEveryKindOfPartition()
    {
        List<string> errors = [];

        IEnumerable<PartitionKind> kinds = new[] { "client", "address", "route", "global", "header:X-Tenant" }
            .Select(text => PartitionParser.Parse(text, "PartitionBy", errors)!.Value.Kind);

        Assert.Equal(Enum.GetValues<PartitionKind>().Order(), kinds.Order());
        Assert.Empty(errors);
    }

    private static string PartitionOf(PartitionKind kind) =>
        RequestCharges.Create(Rules, Policy(kind), Sender, "given", 1).Own.Partition;

    private static EdgePolicy Policy(PartitionKind kind)
    {
        EdgePolicy rating = Rules.PoliciesByName["rating"];
        return new EdgePolicy { Name = "other", PartitionBy = kind, Cost = rating.Cost, Variant = rating.Variant };
    }
}
