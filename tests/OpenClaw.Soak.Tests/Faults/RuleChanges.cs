using OpenClaw.Soak.Tests.Edges;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.Faults;

/// <summary>Rules rewritten in Redis and in the settings file, some of them wrong. The last one is valid.</summary>
internal sealed class RuleChanges(SentinelDeployment redis, EdgeSettings settings)
{
    private const string Key = "openclaw:edge:rules";

    public IEnumerable<Fault> All => [new("rules rewritten", RewriteDocumentAsync), new("settings file rewritten", RewriteFileAsync)];

    /// <summary>The version that every edge must come to.</summary>
    public int ValidDocument { get; private set; }

    /// <summary>Changes made, valid or not.</summary>
    public int Writes { get; private set; }

    public async Task WriteDocumentAsync(RedisServer master, bool isValid)
    {
        (string version, string document) = settings.NextDocument(isValid);
        await master.ExecuteAsync("HSET", Key, "version", version, "document", document);
        await master.ExecuteAsync("WAIT", "1", "100");
        Writes++;
        ValidDocument = isValid ? settings.DocumentVersion : ValidDocument;
    }

    private async Task RewriteDocumentAsync(Random random)
    {
        for (int i = random.Next(2, 6); i >= 0; i--)
        {
            await WriteDocumentAsync((await redis.FindMasterAsync())!, isValid: i == 0 || random.Next(3) > 0);
            await Task.Delay(random.Next(50, 700));
        }
    }

    private async Task RewriteFileAsync(Random random)
    {
        for (int i = random.Next(1, 4); i >= 0; i--)
        {
            if (i > 0 && random.Next(3) == 0)
            {
                settings.WriteTornFile();
            }
            else
            {
                settings.WriteFile();
            }

            Writes++;
            await Task.Delay(random.Next(100, 900));
        }
    }
}
