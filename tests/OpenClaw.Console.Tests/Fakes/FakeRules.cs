using System.Text.Json;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Policies, lists and the rules document with its versions.</summary>
public sealed class FakeRules
{
    public const string First = """
        {
          "Policies": {
            "search": {
              "PartitionBy": "client",
              "Buckets": {
                "minute": { "Capacity": 60, "RefillTokens": 1 }
              }
            }
          },
          "Clients": {
            "globex": { "Enabled": true }
          },
          "Deny": { "Networks": [ "198.51.100.0/24" ] }
        }
        """;

    private readonly Lock _lock = new();
    private readonly List<(int Version, DateTimeOffset At, string? By, string? Reason, string Text)> _versions =
    [
        (11, DateTimeOffset.UtcNow.AddDays(-2), "bob@example.com", null, "{ \"Deny\": { \"Networks\": [] } }"),
        (12, DateTimeOffset.UtcNow.AddHours(-3), "alice@example.com", null, First),
    ];

    public object[] Policies { get; } =
    [
        Policy("address", "address", "configuration", isAddress: true, [Bucket("address", 200, 50)],
            ("gold", [Bucket("address", 1000, 500)])),
        Policy("rating", "client", "configuration", isAddress: false,
            [Bucket("burst", 20, 5), Bucket("daily", 10_000, 10_000, "1.00:00:00", shadow: true)],
            ("gold", [Bucket("burst", 200, 100), Bucket("daily", 10_000, 10_000, "1.00:00:00", shadow: true)]),
            ("silver", [Bucket("burst", 50, 20)])),
        Policy("search", "client", "redis", isAddress: false, [Bucket("minute", 60, 1)]),
    ];

    public object Lists { get; } = new
    {
        Allow = new { Networks = new[] { "10.0.0.0/8" }, Clients = Array.Empty<string>() },
        Deny = new { Networks = new[] { "198.51.100.0/24", "2001:db8:bad::/48" }, Clients = Array.Empty<string>() },
    };

    public (int Version, string Text) Current
    {
        get
        {
            lock (_lock)
            {
                return (_versions[^1].Version, _versions[^1].Text);
            }
        }
    }

    public object Versions
    {
        get
        {
            lock (_lock)
            {
                return new
                {
                    Versions = _versions.AsEnumerable().Reverse().Select(version => new
                    {
                        Version = $"{version.Version}",
                        version.At,
                        Operator = version.By,
                        version.Reason,
                        Bytes = version.Text.Length,
                    }).ToArray(),
                };
            }
        }
    }

    public string? Text(string version)
    {
        lock (_lock)
        {
            return _versions.FirstOrDefault(entry => $"{entry.Version}" == version).Text;
        }
    }

    public string? Write(string text, string? ifMatch, string? by, string? reason = null)
    {
        lock (_lock)
        {
            if (ifMatch != $"\"{_versions[^1].Version}\"")
            {
                return null;
            }

            int version = _versions[^1].Version + 1;
            _versions.Add((version, DateTimeOffset.UtcNow, by, reason, text));
            return $"{version}";
        }
    }

    public static string[] Check(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject()
                .Where(member => member.Name is not ("Policies" or "Tiers" or "Clients" or "Allow" or "Deny" or "AddressPolicy"))
                .Select(member =>
                    $"{member.Name} is not a setting; the document has: Policies, Tiers, Clients, Allow, Deny, AddressPolicy.")];
        }
        catch (JsonException exception)
        {
            return [$"The document is not JSON: {exception.Message}"];
        }
    }

    public const string Schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
          "properties": {
            "AddressPolicy": { "type": "string" },
            "Policies": { "type": "object", "additionalProperties": { "anyOf": [ { "$ref": "#/$defs/policy" }, { "type": "null" } ] } },
            "Tiers": { "type": "object" },
            "Clients": { "type": "object", "additionalProperties": { "$ref": "#/$defs/client" } },
            "Allow": { "$ref": "#/$defs/list" },
            "Deny": { "$ref": "#/$defs/list" }
          },
          "$defs": {
            "list": { "type": "object", "properties": { "Networks": { "type": "array" }, "Clients": { "type": "array" } } },
            "client": { "type": "object", "properties": {
              "KeyHashes": { "type": "array" }, "Tier": { "type": "string" }, "Enabled": { "type": "boolean" } } },
            "policy": { "type": "object", "properties": {
              "PartitionBy": { "type": "string", "enum": ["client", "address", "route", "global"] },
              "FailureMode": { "type": "string", "enum": ["Local", "Open", "Closed"] },
              "Shadow": { "type": "boolean" },
              "Buckets": { "type": "object", "additionalProperties": { "type": "object", "properties": {
                "Capacity": { "type": "integer" }, "RefillTokens": { "type": "integer" }, "RefillPeriod": { "type": "string" },
                "Shadow": { "type": "boolean" } } } } } }
          }
        }
        """;

    private static object Policy(string name, string by, string source, bool isAddress, object[] buckets,
        params (string Tier, object[] Buckets)[] tiers) => new
        {
            Name = name,
            PartitionBy = by,
            FailureMode = "Local",
            IsAddressPolicy = isAddress,
            Buckets = buckets,
            Tiers = tiers.ToDictionary(tier => tier.Tier, tier => tier.Buckets),
            Cost = new
            {
                Default = 1,
                Methods = new Dictionary<string, long>(),
                Routes = name == "rating" ? new() { ["ratings"] = 2 } : new Dictionary<string, long>(),
            },
            Source = source,
        };

    private static object Bucket(string name, long capacity, long refill, string period = "00:00:01", bool shadow = false) =>
        new { Name = name, Capacity = capacity, RefillTokens = refill, RefillPeriod = period, Shadow = shadow };
}
