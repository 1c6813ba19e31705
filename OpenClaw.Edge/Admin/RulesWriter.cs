using System.Text;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Writes rules documents to Redis, each with a version newer than both the stored one and the one in force on this
/// replica.</summary>
internal sealed class RulesWriter(RedisRulesStore redis, EdgeRulesStore store, TimeProvider time)
{
    /// <summary>The version that a document gets if Redis has no newer one; null when no version is newer than the one in force.</summary>
    public string? NextVersion() => RulesVersion.Newest(time.GetUtcNow(), store.DocumentVersion);

    /// <summary>Writes a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="precondition">The condition on the version that it replaces.</param>
    /// <param name="operatorName">Name of the operator.</param>
    /// <param name="reason">The reason that the operator gave; null for none.</param>
    public async Task<Outcome> WriteAsync(string document, RulesPrecondition precondition, string operatorName, string? reason)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            RulesDocumentInfo? stored = await redis.ReadInfoAsync();
            if (!precondition.Allows(stored is { } info ? info.Version ?? "" : null))
            {
                return new Outcome(null, HasChanged: true);
            }

            if (RulesVersion.Newest(time.GetUtcNow(), stored?.Version, store.DocumentVersion) is not { } version)
            {
                return new Outcome(null, HasChanged: false);
            }

            RulesChange change = new(time.GetUtcNow(), Encoding.UTF8.GetByteCount(document), operatorName, reason);
            if (await redis.WriteAsync(version, document, stored, change))
            {
                return new Outcome(version, HasChanged: false);
            }
        }

        return new Outcome(null, HasChanged: true);
    }

    /// <summary>What became of a document.</summary>
    /// <param name="Version">Its version; null when it was not written.</param>
    /// <param name="HasChanged">Whether it was not written because the precondition fails, or because ten attempts in a row lost against
    /// other writers. If false and it was not written, no version is newer than the current one.</param>
    internal readonly record struct Outcome(string? Version, bool HasChanged);
}
