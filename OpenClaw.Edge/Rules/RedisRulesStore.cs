using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;
using StackExchange.Redis;

namespace OpenClaw.Edge.Rules;

/// <summary>Reads and writes the rules document in Redis: one hash, so that version and document change together. Uses only the master,
/// because a replica may hold an older document.</summary>
internal sealed class RedisRulesStore(IConnectionMultiplexer redis, IOptions<EdgeOptions> options)
{
    /// <summary>Number of versions that are kept.</summary>
    public const int MaxVersions = 20;

    private const string VersionField = "version";
    private const string DocumentField = "document";
    private const CommandFlags Master = CommandFlags.DemandMaster;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly RedisKey _key = options.Value.RedisRules.Key;
    private readonly RedisKey _versions = $"{Tagged(options.Value.RedisRules.Key)}:versions";
    private readonly RedisKey _documents = $"{Tagged(options.Value.RedisRules.Key)}:documents";

    /// <summary>Reads the version and the document's size; null when there is no document. Checks lengths first, so that nothing too large
    /// is read.</summary>
    /// <exception cref="RedisException">No master answered, or the key is not a hash.</exception>
    public async Task<RulesDocumentInfo?> ReadInfoAsync()
    {
        IDatabase database = redis.GetDatabase();
        Task<long> versionBytes = database.HashStringLengthAsync(_key, VersionField, Master);
        Task<long> documentBytes = database.HashStringLengthAsync(_key, DocumentField, Master);
        await Task.WhenAll(versionBytes, documentBytes);
        if (await versionBytes == 0)
        {
            return null;
        }

        string? version = await versionBytes > RulesVersion.MaxLength
            ? null
            : (string?)await database.HashGetAsync(_key, VersionField, Master) ?? "";
        return new RulesDocumentInfo(version, await documentBytes);
    }

    /// <summary>Reads version and document; null when there is none. Call <see cref="ReadInfoAsync"/> first.</summary>
    /// <exception cref="RedisException">No master answered, or the key is not a hash.</exception>
    public async Task<(string Version, string Document)?> ReadAsync()
    {
        RedisValue[] values = await redis.GetDatabase().HashGetAsync(_key, [VersionField, DocumentField], Master);
        return values[0].IsNull ? null : (values[0].ToString(), values[1].ToString());
    }

    /// <summary>Writes a document, and keeps it among the last versions.</summary>
    /// <param name="version">Its version, newer than the one that it replaces.</param>
    /// <param name="document">The document.</param>
    /// <param name="replaced">The document that is replaced; null when there must be none.</param>
    /// <param name="change">Who writes it, when and why.</param>
    /// <returns>False when Redis holds another document.</returns>
    /// <exception cref="RedisException">No master answered.</exception>
    public async Task<bool> WriteAsync(string version, string document, RulesDocumentInfo? replaced, RulesChange change)
    {
        string expected = replaced switch
        {
            null => "none",
            { Version: { } current } when RulesVersion.IsValid(current) => "version",
            _ => "any",
        };
        RedisValue[] values =
        [
            version, document, JsonSerializer.SerializeToUtf8Bytes(change, Json), MaxVersions, expected, replaced?.Version ?? "",
            change.At.ToString("O", CultureInfo.InvariantCulture), RulesDocument.MaxBytes,
        ];
        IDatabase database = redis.GetDatabase();
        return (bool)await RightsTrial.NameMissingAsync(database, _documents.Append(":rights"), RulesScript.Commands, () =>
            database.ScriptEvaluateAsync(
                RulesScript.Write, [_key, _versions, _documents], values, Master | CommandFlags.NoScriptCache));
    }

    /// <summary>Reads the metadata of the last versions, the newest first.</summary>
    /// <exception cref="RedisException">No master answered.</exception>
    public async Task<IReadOnlyList<RulesChange>> ReadVersionsAsync()
    {
        IDatabase database = redis.GetDatabase();
        RedisValue[] versions = await database.ListRangeAsync(_versions, 0, MaxVersions - 1, Master);
        if (versions.Length == 0)
        {
            return [];
        }

        RedisValue[] changes = await database.HashGetAsync(_documents, [.. versions.Select(version => (RedisValue)$"m:{version}")], Master);
        return [.. versions.Zip(changes, (version, change) => Read(version.ToString(), change)).OfType<RulesChange>()];
    }

    /// <summary>Reads an earlier document; null when it is not kept.</summary>
    /// <exception cref="RedisException">No master answered.</exception>
    public async Task<string?> ReadVersionAsync(string version) =>
        await redis.GetDatabase().HashGetAsync(_documents, $"d:{version}", Master);

    /// <summary>Reads the metadata of a version; null when there is none.</summary>
    /// <exception cref="RedisException">No master answered.</exception>
    public async Task<RulesChange?> ReadChangeAsync(string version) =>
        Read(version, await redis.GetDatabase().HashGetAsync(_documents, $"m:{version}", Master));

    private static RulesChange? Read(string version, RedisValue change)
    {
        try
        {
            return change.IsNull ? null : JsonSerializer.Deserialize<RulesChange>((byte[])change!, Json)! with { Version = version };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The same cluster slot as the document: a key without braces is hashed whole, so the whole key is the hash tag.
    private static string Tagged(string key) =>
        key.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && key.IndexOf('}', open) > open + 1 ? key : $"{{{key}}}";
}
