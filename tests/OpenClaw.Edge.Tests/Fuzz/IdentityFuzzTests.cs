using System.Collections.Concurrent;
using System.Net;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Fuzz;

/// <summary>Runs a million requests, some hostile, through all steps between routing and the decision.</summary>
public sealed class IdentityFuzzTests
{
    private const int HalfAMillion = 500_000;

    private static readonly EdgeOptions Options = new()
    {
        ClientAddress = { TrustedNetworks = ["10.0.0.0/8"] },
        ApiKeys = { Pepper = TestEdge.Pepper, Unknown = UnknownKey.Accept },
        Policies =
        {
            ["rating"] = Policy("client"),
            ["tenant"] = Policy("header:X-Tenant"),
        },
        Clients = { ["acme"] = new ClientOptions { KeyHashes = [Hash("acme-key")] },
            ["bolt"] = new ClientOptions { KeyHashes = [Hash("bolt-key")] } },
    };

    private static readonly EdgeRules Rules = RulesCompiler.Compile(
        Options, new Dictionary<string, string?>(), hasPepper: true, previous: null, [])!;
    private static readonly KeyHasher Hasher = new(TestEdge.Pepper);
    private static readonly IOptions<EdgeOptions> Configured = Microsoft.Extensions.Options.Options.Create(Options);
    private static readonly RequestIdentifier Identifier = new(new TrustedProxies(Configured), Configured, Hasher);

    // Characters that parsers often mishandle, chosen more often than at random.
    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.String[Gen.Char, 0, 24]),
        (3, Gen.String[Gen.OneOf("0123456789abcdef.:,;=\"[]%/ \t{}for\0\u007f\u00ff*".ToCharArray()), 0, 40]),
        (1, Gen.OneOf("", ",", ";", "\"", "[", "[]", "[::", "for=", "for=\"", "for=\"[::1]", "::", "1.2.3.4.5", "::ffff:1.2.3.4",
            "acme-key", "acme-key,", "1.2.3.4:99999999")));

    [Fact]
    public void Identify_AnyHeaders_NoExceptionAndSafePartitions() =>
        Gen.Select(Text, Text, Text, Gen.Int[0, 7]).Sample((key, forwarded, tenant, shape) =>
        {
            DefaultHttpContext context = Request(IPAddress.Parse("10.1.2.3"), null, null, null);
            IHeaderDictionary headers = context.Request.Headers;
            headers["X-API-Key"] = (shape & 1) == 0 ? key : new StringValues([key, tenant]);
            headers["X-Forwarded-For"] = (shape & 2) == 0 ? forwarded : new StringValues([forwarded, key]);
            headers["X-Tenant"] = (shape & 4) == 0 ? tenant : new StringValues([tenant, forwarded]);
            string[] partitions = Partitions(context);
            _ = ForwardedForParser.ClientOf(headers["X-Forwarded-For"], isForwarded: true, NetworkText.Compile([], "", []));
            _ = Preflight.Is(context.Request);
            return partitions.All(IsSafe);
        }, iter: HalfAMillion);

    /// <summary>The identity is drawn first and then written as a request with noise that an attacker controls. The partitions must be
    /// those of the identity, and no two identities may share one.</summary>
    [Fact]
    public void Identify_KnownTruthInNoise_OneTruthPerPartition()
    {
        ConcurrentDictionary<string, string> owners = new();
        Gen<IPAddress> addresses = Gen.Frequency(
            (2, Gen.UInt[0x14000000, 0x14000FFF].Select(bits => new IPAddress(BitConverter.GetBytes(
                BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits) : bits)))),
            (1, Gen.Select(Gen.Int[0, 500], Gen.Int[0, 65535])
                .Select((network, host) => IPAddress.Parse($"2001:db8:1:{network:x}::{host:x}"))));
        Gen<string?> keys = Gen.OneOf<string?>(null, "acme-key", "bolt-key", "unknown-1", "unknown-2", "a:203.0.113.7", "c:acme");
        Gen<string?> tenants = Gen.OneOf<string?>(null, "", "one", "two", "c:acme", "{one}", "one,two");
        Gen.Select(addresses, keys, tenants, Text, Gen.Int[0, 5]).Sample((address, key, tenant, noise, proxies) =>
        {
            string hop = proxies % 2 == 0 || address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                ? $"{address}"
                : $"[{address}]:443";
            string forwarded = $"{noise.Replace(',', '.')},{hop}{string.Concat(Enumerable.Repeat(" , 10.9.8.7", proxies))}";
            string[] partitions = Partitions(Request(IPAddress.Parse("10.1.2.3"), forwarded, key, tenant));

            string who = ClientAddress.From(address, 64).ToString();
            string client =
                key switch { null => "address " + who, "acme-key" => "client acme", "bolt-key" => "client bolt", _ => "key " + key };
            string holder = tenant is null ? "address " + who : "tenant " + tenant;
            return owners.GetOrAdd("address|" + partitions[0], who) == who
                && owners.GetOrAdd("rating|" + partitions[1], client) == client
                && owners.GetOrAdd("tenant|" + partitions[2], holder) == holder;
        }, iter: HalfAMillion);
        Assert.True(owners.Count > 1000);
        Assert.Equal(owners.Count, owners.Select(pair => pair.Key.Split('|')[0] + pair.Value).Distinct().Count());
    }

    private static string[] Partitions(HttpContext context)
    {
        RequestIdentity identity = Identifier.Identify(context, Rules.Clients);
        string? tenant = context.Request.Headers.TryGetValue("X-Tenant", out StringValues values)
            ? Hasher.Pseudonym(PartitionNames.HeaderPrefix, values.ToString())
            : null;
        RequestCharges rating = RequestCharges.Create(Rules, Rules.PoliciesByName["rating"], identity, null, 1);
        RequestCharges byTenant = RequestCharges.Create(Rules, Rules.PoliciesByName["tenant"], identity, tenant, 1);
        return [rating.Address.Partition, rating.Own.Partition, byTenant.Own.Partition];
    }

    private static bool IsSafe(string partition) =>
        partition.Length is > 2 and <= 128
            && partition[1] == ':'
            && partition.All(c => char.IsAsciiLetterOrDigit(c) || ".:/-_".Contains(c));

    private static DefaultHttpContext Request(IPAddress remote, string? forwarded, string? key, string? tenant)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = remote;
        Set("X-Forwarded-For", forwarded);
        Set("X-API-Key", key);
        Set("X-Tenant", tenant);
        return context;

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                context.Request.Headers[name] = value;
            }
        }
    }

    private static PolicyOptions Policy(string partitionBy) => new()
    {
        PartitionBy = partitionBy,
        Buckets = { ["burst"] = new BucketOptions { Capacity = 20, RefillTokens = 5 } },
    };

    private static string Hash(string key)
    {
        byte[] hash = new byte[KeyHasher.HashLength];
        new KeyHasher(TestEdge.Pepper).Hash(key, hash);
        return Convert.ToHexStringLower(hash);
    }
}
