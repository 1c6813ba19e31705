using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Rules;

/// <summary>The JSON Schema of a rules document. Names of policies, tiers and clients are not restricted. Ranges are checked when a
/// document is validated, not by the schema.</summary>
internal static class RulesSchema
{
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly string[] Removable = [nameof(RulesOptions.Policies), nameof(RulesOptions.Tiers), nameof(RulesOptions.Clients)];

    /// <summary>The schema.</summary>
    public static string Text { get; } = Create().ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonNode Create()
    {
        JsonObject schema = (JsonObject)Options.GetJsonSchemaAsNode(
            typeof(RulesOptions), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        foreach (string name in Removable)
        {
            // null removes an entry of the configuration.
            JsonObject entry = (JsonObject)schema["properties"]![name]!["additionalProperties"]!;
            if (entry["type"] is JsonValue type && type.TryGetValue(out string? text))
            {
                entry["type"] = new JsonArray(text, "null");
            }
        }

        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Rules of the OpenClaw edge");
        return schema;
    }
}
