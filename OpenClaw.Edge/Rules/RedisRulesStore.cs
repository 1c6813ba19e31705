using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Rules;

/// <summary>The rules document in Redis: one hash, so that version and document change together. Only the master is asked: a replica may hold an older document.</summary>
internal sealed class RedisRulesStore(IConnectionMultiplexer redis, IOptions<EdgeOptions> options)
{
    private const string VersionField = "version";
    private const string DocumentField = "document";
    private const CommandFlags Master = CommandFlags.DemandMaster;

    private readonly RedisKey _key = options.Value.RedisRules.Key;

    /// <summary>The version and the document's size; null when there is no document. Neither is read before it is known to be small enough.</summary>
    /// <exception cref="RedisException">No master answered, or the key holds something else.</exception>
    public async Task<RulesDocumentInfo?> ReadHeadAsync()
    {
        IDatabase database = redis.GetDatabase();
        Task<long> versionBytes = database.HashStringLengthAsync(_key, VersionField, Master);
        Task<long> documentBytes = database.HashStringLengthAsync(_key, DocumentField, Master);
        await Task.WhenAll(versionBytes, documentBytes);
        if (await versionBytes == 0)
        {
            return null;
        }

        string? version = await versionBytes > RulesVersion.MaxLength ? null : (string?)await database.HashGetAsync(_key, VersionField, Master) ?? "";
        return new RulesDocumentInfo(version, await documentBytes);
    }

    /// <summary>Version and document; null when there is none. Read the head first.</summary>
    /// <exception cref="RedisException">No master answered, or the key holds something else.</exception>
    public async Task<(string Version, string Document)?> ReadAsync()
    {
        RedisValue[] values = await redis.GetDatabase().HashGetAsync(_key, [VersionField, DocumentField], Master);
        return values[0].IsNull ? null : (values[0].ToString(), values[1].ToString());
    }

    /// <summary>Writes a document.</summary>
    /// <param name="version">Its version, newer than the one that it replaces.</param>
    /// <param name="document">The document.</param>
    /// <param name="replaced">What it replaces; null when there must be none.</param>
    /// <returns>False when something else is there.</returns>
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
