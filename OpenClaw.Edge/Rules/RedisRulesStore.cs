using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Rules;

/// <summary>Reads and writes the rules document in Redis: one hash, so that version and document change together. Uses only the master,
/// because a replica may hold an older document.</summary>
internal sealed class RedisRulesStore(IConnectionMultiplexer redis, IOptions<EdgeOptions> options)
{
    private const string VersionField = "version";
    private const string DocumentField = "document";
    private const CommandFlags Master = CommandFlags.DemandMaster;

    private readonly RedisKey _key = options.Value.RedisRules.Key;

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

    /// <summary>Writes a document.</summary>
    /// <param name="version">Its version, newer than the one that it replaces.</param>
    /// <param name="document">The document.</param>
    /// <param name="replaced">The document that is replaced; null when there must be none.</param>
    /// <returns>False when Redis holds another document.</returns>
    /// <exception cref="RedisException">No master answered.</exception>
    public async Task<bool> WriteAsync(string version, string document, RulesDocumentInfo? replaced)
    {
        ITransaction transaction = redis.GetDatabase().CreateTransaction();
        switch (replaced)
        {
            case null:
                transaction.AddCondition(Condition.HashNotExists(_key, VersionField));
                break;
            case { Version: { } current }:
                transaction.AddCondition(Condition.HashEqual(_key, VersionField, current));
                break;
        }

        _ = transaction.HashSetAsync(_key, [new(VersionField, version), new(DocumentField, document)]);
        return await transaction.ExecuteAsync(Master);
    }
}
