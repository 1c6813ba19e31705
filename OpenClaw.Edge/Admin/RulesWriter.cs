using System.Text;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Writes rules documents to Redis, each with a version newer than both the stored one and the one in force on this
/// replica.</summary>
internal sealed class RulesWriter(RedisRulesStore redis, EdgeRulesStore store, TimeProvider time)
{
    /// <summary>The version that a document gets if Redis has no newer one.</summary>
    public string NextVersion() => RulesVersion.Newest(time.GetUtcNow(), store.DocumentVersion);

    /// <summary>Writes a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="precondition">The condition on the version that it replaces.</param>
    /// <param name="operatorName">Name of the operator.</param>
    /// <param name="reason">The reason that the operator gave; null for none.</param>
    /// <returns>Its version; null when the precondition fails, or when ten attempts in a row lost against other writers.</returns>
    public async Task<string?> WriteAsync(string document, RulesPrecondition precondition, string operatorName, string? reason)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            RulesDocumentInfo? stored = await redis.ReadInfoAsync();
            if (!precondition.Allows(stored is { } info ? info.Version ?? "" : null))
            {
                return null;
            }

            string version = RulesVersion.Newest(time.GetUtcNow(), stored?.Version, store.DocumentVersion);
            RulesChange change = new(time.GetUtcNow(), Encoding.UTF8.GetByteCount(document), operatorName, reason);
            if (await redis.WriteAsync(version, document, stored, change))
            {
                return version;
            }
        }

        return null;
    }
}
