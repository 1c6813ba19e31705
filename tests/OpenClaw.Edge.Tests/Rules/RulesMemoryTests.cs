using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Rules;

/// <summary>Measures the memory of the largest documents. The documentation of the edge states it.</summary>
[Collection(MemoryCollection.Name)]
public sealed class RulesMemoryTests(ITestOutputHelper output)
{
    private const long MiB = 1024 * 1024;

    /// <summary>Most bytes kept by rules, and most bytes allocated while they are read.</summary>
    private const long MostKept = 60 * MiB;
    private const long MostAllocated = 300 * MiB;

    private static readonly string Eight = string.Join(',', Enumerable.Range(0, 8).Select(
        i => $$""" "bucket-with-a-long-name-{{i}}": { "Capacity": 1000000, "RefillTokens": 1 } """.Replace(" ", "")));

    public static TheoryData<string, bool> Documents { get; } = new()
    {
        { "tiers", true },
        { "overrides", true },
        { "policies", true },
        { "clients", true },
        { "keys", true },
        { "networks", true },
        { "values", false },
        { "unknown", false },
        { "nulls", false },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Apply_WorstDocuments_MemoryIsBounded(string kind, bool isValid)
    {
        string json = Document(kind);
        Assert.InRange(json.Length, 1, RulesDocument.MaxBytes);
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"))
            .Build();
        EdgeOptions options = StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
        using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<EdgeMetrics>().BuildServiceProvider();
        using EdgeRulesStore store = new(
            configuration, Microsoft.Extensions.Options.Options.Create(options), services
                .GetRequiredService<EdgeMetrics>(), NullLogger<EdgeRulesStore>.Instance);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();

        IReadOnlyList<string> errors = store.Apply("1", json);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        int errorCount = errors.Count;
        string first = errorCount > 0 ? errors[0] : "";
        errors = [];
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;

        output.WriteLine(
            $"{kind}: {json.Length} bytes, {errorCount} errors, {allocated / MiB} MiB allocated, {kept / MiB} MiB kept. {first}");
        Assert.Equal(isValid, errorCount == 0);
        Assert.InRange(errorCount, 0, StrictSettings.MaxErrors + 10);
        Assert.InRange(allocated, 0, MostAllocated);
        Assert.InRange(kept, long.MinValue, MostKept);
        GC.KeepAlive(store);
        GC.KeepAlive(json);
    }

    [Theory]
    [InlineData("""{ "Tiers": { # } }""", RulesLimits.Tiers, "Tiers has 1001 entries; there may be 1000.")]
    [InlineData("""{ "Policies": { # } }""", RulesLimits.Policies, "Policies has 1003 entries; there may be 1000.")]
    public void Check_OneMoreThanThereMayBe_RefusedWithTheNumber(string form, int most, string expected)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json")).Build();
        using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<EdgeMetrics>().BuildServiceProvider();
        using EdgeRulesStore store = new(
            configuration, Microsoft.Extensions.Options.Options.Create(
                StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, [])),
            services.GetRequiredService<EdgeMetrics>(), NullLogger<EdgeRulesStore>.Instance);

        string error = Assert.Single(store.Check(form.Replace("#", Entries(most + 1, i => $"\"x{i}\":{{}}"))));

        Assert.Equal($"OpenClaw:Edge:{expected}", error);
    }

    private static string Document(string kind) => kind switch
    {
        "tiers" => Object(Member("Tiers", Entries(RulesLimits.Tiers - 2, i => Member($"tier-{i}", "")))),
        "overrides" => Object(
            Member("Policies", Entries(10, i => Member($"p{i}", Member("Buckets", Eight)))) + ","
            + Member("Tiers", Entries(RulesLimits.Tiers - 2, t => Member(
                $"{t}", Entries(10, p => Member($"p{p}", Member("bucket-with-a-long-name-0", $"\"Capacity\":{t + 1}"))))))),
        "policies" => Object(Member("Policies", Entries(
            990, i => Member($"policy-{i}", Member("Buckets", Eight.Replace("bucket-with-a-long-name-", "a-bucket-")))))),
        "clients" => Object(Member("Clients", Entries(90_000, i => Member($"{i}", "")))),
        "keys" => Object(Member("Clients", Entries(
            10_500, i => Member($"{i}", $"\"KeyHashes\":[\"{Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(i)))}\"]")))),
        "networks" => Object(Member("Deny", $"\"Networks\":[{Entries(50_000, i => $"\"10.{i / 256}.{i % 256}.1\"")}]")),
        "values" => Object(Member("Deny", $"\"Networks\":[{Entries(500_000, _ => "1")}]")),
        "unknown" => Object(Member(
            "Policies", Member(new string('n', 128), Member("Buckets", Member(new string('b', 32), Entries(90_000, i => $"\"{i}\":1")))))),
        _ => Object(Enumerable.Range(0, 12)
            .Aggregate(Entries(80_000, i => $"\"{i}\":null"), (below, i) => Member(new string((char)('a' + i), 128), below))),
    };

    private static string Object(string members) => $"{{{members}}}";

    private static string Member(string name, string members) => $"\"{name}\":{Object(members)}";

    private static string Entries(int count, Func<int, string> entry) => string.Join(',', Enumerable.Range(0, count).Select(entry));
}
