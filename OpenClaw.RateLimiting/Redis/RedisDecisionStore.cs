using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.RateLimiting.Batching;
using RESPite.Messages;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Decides in Redis: one call of the script for one batch, on Redis's clock.</summary>
internal sealed class RedisDecisionStore(IConnectionMultiplexer redis, RedisNames names, string script) : IDecisionStore
{
    private readonly ConcurrentQueue<ScriptCall> _calls = new();
    private readonly IDatabase _database = redis.GetDatabase();

    // The client sends 40 hexadecimal digits as they are (EVALSHA). Given the text it would hash all 12 KB of it for each call to find out whether the server knows the script.
    private readonly string _hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script)));

    public RedisDecisionStore(IConnectionMultiplexer redis, RedisNames names)
        : this(redis, names, DecisionScript.Text)
    {
    }

    public async ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        if (!_calls.TryDequeue(out ScriptCall? call))
        {
            call = new ScriptCall();
        }

        call.Write(batch, names);
        try
        {
            await AskAsync(_hash, batch, call, abandon);
        }
        catch (RedisServerException exception) when (exception.Kind == RedisErrorKind.NoScript)
        {
            // Nothing was done. With the text the client loads the script first.
            await AskAsync(script, batch, call, abandon);
        }

        batch.Settle();

        // Only now: a call that failed or was abandoned may not have been written to the socket yet.
        _calls.Enqueue(call);
    }

    private ValueTask AskAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
        => batch.Slot < 0 ? AskServerAsync(textOrHash, batch, call, abandon) : AskClusterAsync(textOrHash, batch, call, abandon);

    private async ValueTask AskServerAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
    {
        Task<RespResult> sent = _database.ScriptEvaluateRespAsync(textOrHash, call.Keys, call.Values, CommandFlags.DemandMaster);
        await WaitAsync(sent, abandon);
        using RespResult reply = await sent;
        Read(batch, reply);
    }

    // When a slot is on its way to another node, the client sends the call again to where the answer points (MOVED, ASK). It can do that with these arrays only: of the
    // quicker overload it keeps nothing once it has been sent.
    private async ValueTask AskClusterAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
    {
        Task<RedisResult> sent = _database.ScriptEvaluateAsync(textOrHash, call.Keys.ToArray(), call.Values.ToArray(), CommandFlags.DemandMaster);
        await WaitAsync(sent, abandon);
        Read(batch, (byte[])(await sent)!);
    }

    // Until the answer is there, but not past the deadline: what comes later is given back unread, and a failure then concerns nobody.
    private static async ValueTask WaitAsync(Task sent, CancellationToken abandon)
    {
        if (!sent.IsCompleted)
        {
            await sent.WaitAsync(abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What came in the very moment of the deadline counts.
        if (!sent.IsCompleted)
        {
            _ = sent.ContinueWith(
                static late =>
                {
                    if (late is Task<RespResult> { IsCompletedSuccessfully: true } reply)
                    {
                        reply.Result.Dispose();
                    }

                    _ = late.Exception;
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw new OperationCanceledException(abandon);
        }
    }

    private static void Read(DecisionBatch batch, RespResult reply)
    {
        RespReader reader = reply.ReadScalar();
        if (reader.TryGetSpan(out ReadOnlySpan<byte> bytes))
        {
            Read(batch, bytes);
            return;
        }

        // In pieces: it came in several buffers.
        Read(batch, reader.ReadByteArray());
    }

    private static void Read(DecisionBatch batch, ReadOnlySpan<byte> bytes)
    {
        int width = bytes.Length / batch.Partitions.Length;
        foreach (BatchPartition partition in batch.Partitions)
        {
            // Index of the policy, time, blocked until, whether the time was another server's, deficits: as the script keeps them.
            long time = Number(bytes, 1), blockedUntil = Number(bytes, 2);
            partition.BlockedFor = blockedUntil > 0 ? blockedUntil - time : 0;
            for (var i = 0; i < partition.Deficits.Length; i++)
            {
                partition.Deficits[i] = Number(bytes, 4 + i);
            }

            bytes = bytes[width..];
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes, int index) => (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(index * sizeof(double))..]);
}
