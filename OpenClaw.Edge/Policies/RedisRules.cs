using Microsoft.Extensions.Options;
using OpenClaw.Edge.Settings;
using StackExchange.Redis;

namespace OpenClaw.Edge.Policies;

/// <summary>The rules document in Redis: one hash, so that version and document change together.</summary>
internal sealed class RedisRules(IConnectionMultiplexer redis, IOptions<EdgeOptions> options)
{
    private const string VersionField = "version";
    private const string DocumentField = "document";

    private readonly RedisKey _key = options.Value.RedisRules.Key;

    /// <summary>The version; null when there is no document.</summary>
    /// <exception cref="RedisException">Redis did not answer, or the key holds something else.</exception>
    public async Task<string?> ReadVersionAsync() => await redis.GetDatabase().HashGetAsync(_key, VersionField);

    /// <summary>Version and document; null when there is none.</summary>
    /// <exception cref="RedisException">Redis did not answer, or the key holds something else.</exception>
    public async Task<(string Version, string Document)?> ReadAsync()
    {
        RedisValue[] values = await redis.GetDatabase().HashGetAsync(_key, [VersionField, DocumentField]);
        return values[0].IsNull ? null : (values[0].ToString(), values[1].ToString());
    }

    /// <summary>Writes a document.</summary>
    /// <param name="version">Its version, another one than before.</param>
    /// <param name="document">The document.</param>
    /// <param name="expectedVersion">The version that it replaces; null to replace whatever is there.</param>
    /// <returns>False when another version is there.</returns>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<bool> WriteAsync(string version, string document, string? expectedVersion)
    {
        ITransaction transaction = redis.GetDatabase().CreateTransaction();
        if (expectedVersion is not null)
        {
            transaction.AddCondition(Condition.HashEqual(_key, VersionField, expectedVersion));
        }

        _ = transaction.HashSetAsync(_key, [new(VersionField, version), new(DocumentField, document)]);
        return await transaction.ExecuteAsync();
    }
}
