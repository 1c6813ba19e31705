using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Writes rules documents to Redis, each under a version newer than the one that is there and the one in force here.</summary>
internal sealed class RulesWriter(RedisRulesStore redis, EdgeRulesStore store, TimeProvider time)
{
    /// <summary>The version that a document gets if Redis has no newer one.</summary>
    public string NextVersion() => RulesVersion.Newest(time.GetUtcNow(), store.DocumentVersion);

    /// <summary>Writes a document.</summary>
    /// <returns>Its version; null when the precondition does not hold, or others write all the time.</returns>
    public async Task<string?> WriteAsync(string document, RulesPrecondition precondition)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            RulesDocumentInfo? there = await redis.ReadHeadAsync();
            if (!precondition.Allows(there is { } head ? head.Version ?? "" : null))
            {
                return null;
            }

            string version = RulesVersion.Newest(time.GetUtcNow(), there?.Version, store.DocumentVersion);
            if (await redis.WriteAsync(version, document, there))
            {
                return version;
            }
        }

        return null;
    }
}
