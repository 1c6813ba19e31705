using System.Text.Json;

namespace OpenClaw.Soak.Tests.Edges;

/// <summary>The settings file of all edges, in a folder of its own, and the rules document in Redis. Versions only grow.</summary>
internal sealed class EdgeSettings : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string _upstream;

    public EdgeSettings(string upstream)
    {
        _upstream = upstream;
        Folder = Directory.CreateTempSubdirectory("openclaw-soak-").FullName;
        WriteFile();
    }

    public string Folder { get; }

    /// <summary>Version of the last valid file.</summary>
    public int FileVersion { get; private set; }

    /// <summary>Version of the last rules document, valid or not.</summary>
    public int DocumentVersion { get; private set; }

    public static string MarkerOf(int version) => $"v{version:00000000}";

    /// <summary>Replaces the file by its next version, in one step.</summary>
    public void WriteFile()
    {
        FileVersion++;
        string text = JsonSerializer.Serialize(new
        {
            Logging = new
            {
                LogLevel = new Dictionary<string, string>
                {
                    ["Default"] = "Information",
                    ["Microsoft.AspNetCore"] = "Warning",
                    ["Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
                    ["Yarp"] = "Warning",
                },
                Console = new { FormatterName = "json" },
            },
            ReverseProxy = new
            {
                Routes = SoakPolicy.All.Select(policy => policy.Name).Concat([SoakPolicy.RedisMarker, SoakPolicy.FileMarker]).ToDictionary(
                    name => name,
                    name => new { ClusterId = "upstream", RateLimiterPolicy = name, Match = new { Path = $"/{name}/{{**rest}}" } }),
                Clusters = new { upstream = new { Destinations = new { only = new { Address = _upstream } } } },
            },
            OpenClaw = new { Edge = new { AddressPolicy = "address", Policies = Policies() } },
        }, Indented);
        string temporary = Path.Combine(Folder, "next.json");
        File.WriteAllText(temporary, text);
        File.Move(temporary, Path.Combine(Folder, "appsettings.json"), overwrite: true);
    }

    /// <summary>Writes a file that is no JSON; the last valid version stays in force.</summary>
    public void WriteTornFile() => File.WriteAllText(Path.Combine(Folder, "appsettings.json"), "{ \"OpenClaw\": { \"Edge\": { \"Pol");

    /// <summary>The next rules document; an invalid one names a bucket without a capacity.</summary>
    public (string Version, string Document) NextDocument(bool isValid)
    {
        DocumentVersion++;
        string version = MarkerOf(DocumentVersion);
        string[] denied = DocumentVersion % 2 == 1 ? [SoakPolicy.Outcast, SoakPolicy.Sometimes] : [SoakPolicy.Outcast];
        Dictionary<string, object> policies = new()
        {
            [SoakPolicy.RedisMarker] = SoakPolicy.MarkerSettings(version),
            [SoakPolicy.Rewritten.Name] = SoakPolicy.Rewritten.ToSettings(DocumentVersion % 3 == 0 ? 2 : 1),
        };
        if (!isValid)
        {
            policies["broken"] = new { Buckets = new { b = new { Capacity = -1, RefillTokens = 1 } } };
        }

        return ($"{DocumentVersion:00000000}", JsonSerializer.Serialize(new { Policies = policies, Deny = new { Networks = denied } }));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Dictionary<string, object> Policies()
    {
        Dictionary<string, object> policies = SoakPolicy.All.ToDictionary(policy => policy.Name, policy => policy.ToSettings());
        policies["address"] = new
        {
            PartitionBy = "address",
            Buckets = new { address = new { Capacity = 100_000, RefillTokens = 100_000 } },
        };
        policies[SoakPolicy.RedisMarker] = SoakPolicy.MarkerSettings(MarkerOf(0));
        policies[SoakPolicy.FileMarker] = SoakPolicy.MarkerSettings(MarkerOf(FileVersion));
        return policies;
    }
}
