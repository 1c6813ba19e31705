using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.RateLimiting.Batching;
using RESPite.Messages;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Decides in Redis: one script call per batch, on the clock of Redis.</summary>
/// <remarks>The script is called by its hash. A server that does not know it is sent the text once, by EVAL, which also makes the hash
/// known. Where calls by hash are impossible (a proxy, a command map without SCRIPT or EVALSHA, a user without that right), every call
/// sends the text, and the hash is tried again each minute.</remarks>
internal sealed class RedisDecisionStore(IConnectionMultiplexer redis, RedisNames names, string script, TimeProvider timeProvider)
    : IDecisionStore
{
    // Time until the hash is tried again: by then another server may answer, or the right may have been granted.
    private static readonly TimeSpan TextOnlyTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<ScriptCall> _calls = new();
    private readonly IDatabase _database = redis.GetDatabase();

    // The client sends 40 hexadecimal digits as a hash (EVALSHA). If its command map lacks SCRIPT, it sends them as the text of a script,
    // which fails.
    private readonly string _hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script)));

    private long _textOnlySince = long.MinValue;

    public RedisDecisionStore(IConnectionMultiplexer redis, RedisNames names, TimeProvider timeProvider)
        : this(redis, names, DecisionScript.Text, timeProvider)
    {
    }

    private bool IsTextOnly =>
        Volatile.Read(ref _textOnlySince) is var since and not long.MinValue && timeProvider.GetElapsedTime(since) < TextOnlyTime;

    public async ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        if (!_calls.TryDequeue(out ScriptCall? call))
        {
            call = new ScriptCall();
        }

        call.Write(batch, names);
        if (IsTextOnly)
        {
            await AskAsync(script, batch, call, abandon);
        }
        else
        {
            try
            {
                await AskAsync(_hash, batch, call, abandon);
            }
            catch (Exception exception) when (IsRefusalOfHash(exception))
            {
                // The first call did nothing.
                await AskAsync(script, batch, call, abandon);
                NoteTextWorks(exception);
            }
        }

        batch.Settle();

        // Only after success: a failed or abandoned call may not have been written to the socket yet.
        _calls.Enqueue(call);
    }

    /// <summary>Runs the decision script on <paramref name="key"/> with the same rights, and writes. Throws if decisions would
    /// fail.</summary>
    public async Task ProbeAsync(RedisKey key)
    {
        RedisKey[] keys = [key];
        RedisValue[] values = ProbeCall.Values;
        if (IsTextOnly)
        {
            await _database.ScriptEvaluateAsync(script, keys, values, FlagsOf(script));
            return;
        }

        try
        {
            await _database.ScriptEvaluateAsync(_hash, keys, values, FlagsOf(_hash));
        }
        catch (Exception exception) when (IsRefusalOfHash(exception))
        {
            await _database.ScriptEvaluateAsync(script, keys, values, FlagsOf(script));
            NoteTextWorks(exception);
        }
    }

    /// <summary>Runs a probe by hash alone, to find out whether EVALSHA is permitted. Throws for no other reason.</summary>
    public async Task ProbeByHashAsync(RedisKey key)
    {
        try
        {
            await _database.ScriptEvaluateAsync(_hash, [key], ProbeCall.Values, FlagsOf(_hash));
        }
        catch (Exception exception) when (exception
            is RedisServerException { Kind: RedisErrorKind.NoScript or RedisErrorKind.UnknownCommand } or RedisCommandException)
        {
            // The script is unknown, the client has no such command, or a command in the script is refused; other calls find the last.
        }
    }

    // "Unknown command" has three causes: the server has no EVALSHA, it compiled the hash as a script, or the script runs a command that
    // the user may not run. Trying the text tells them apart.
    private static bool IsRefusalOfHash(Exception exception) => exception
        is RedisServerException { Kind: RedisErrorKind.NoScript or RedisErrorKind.NoPermission or RedisErrorKind.UnknownCommand }
        or RedisCommandException;

    private void NoteTextWorks(Exception refusal)
    {
        if (refusal is not RedisServerException { Kind: RedisErrorKind.NoScript })
        {
            Volatile.Write(ref _textOnlySince, timeProvider.GetTimestamp());
        }
    }

    // Without NoScriptCache the client loads the script by SCRIPT LOAD, which is a further right and a further round trip, and hashes the
    // whole text for each call.
    private CommandFlags FlagsOf(string textOrHash)
        => ReferenceEquals(textOrHash, script) ? CommandFlags.DemandMaster | CommandFlags.NoScriptCache : CommandFlags.DemandMaster;

    private ValueTask AskAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
        => batch.Slot < 0 ? AskServerAsync(textOrHash, batch, call, abandon) : AskClusterAsync(textOrHash, batch, call, abandon);

    private async ValueTask AskServerAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
    {
        Task<RespResult> sent = _database.ScriptEvaluateRespAsync(textOrHash, call.Keys, call.Values, FlagsOf(textOrHash));
        await WaitAsync(sent, abandon);
        using RespResult reply = await sent;
        Read(batch, reply);
    }

    // While a slot moves to another node, the client resends the call to the node that the reply names (MOVED, ASK). It needs these arrays
    // for that: the faster overload keeps nothing once it has been sent.
    private async ValueTask AskClusterAsync(string textOrHash, DecisionBatch batch, ScriptCall call, CancellationToken abandon)
    {
        Task<RedisResult> sent = _database.ScriptEvaluateAsync(textOrHash, call.Keys.ToArray(), call.Values.ToArray(), FlagsOf(textOrHash));
        await WaitAsync(sent, abandon);
        Read(batch, (byte[])(await sent)!);
    }

    // Waits for the reply, but not past the deadline. A later reply is disposed unread, and a later failure is ignored.
    private static async ValueTask WaitAsync(Task sent, CancellationToken abandon)
    {
        if (!sent.IsCompleted)
        {
            await sent.WaitAsync(abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A reply that arrives exactly at the deadline counts.
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

        // The reply is in several buffers.
        Read(batch, reader.ReadByteArray());
    }

    private static void Read(DecisionBatch batch, ReadOnlySpan<byte> bytes)
    {
        int width = bytes.Length / batch.Partitions.Length;
        foreach (BatchPartition partition in batch.Partitions)
        {
            // Per key, as in decide.lua: index of the policy, time, blocked until, repair flag, deficits.
            long time = Number(bytes, 1), blockedUntil = Number(bytes, 2);
            partition.BlockedFor = blockedUntil > 0 ? blockedUntil - time : 0;
            for (var i = 0; i < partition.Deficits.Length; i++)
            {
                partition.Deficits[i] = Number(bytes, 4 + i);
            }

            bytes = bytes[width..];
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes, int index)
        => (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(index * sizeof(double))..]);
}
