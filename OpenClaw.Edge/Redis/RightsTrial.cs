using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Finds out which rights the Redis user lacks for a group of keys, by trying the commands. Redis up to 7.0 does not say which
/// command of a script is refused.</summary>
internal static class RightsTrial
{
    // KEYS[1]: a key that is used for nothing else. ARGV: names of commands. Returns the commands that the user may not run, or "keys" when
    // it may not access the key. Other errors, such as a wrong type of value, are ignored.
    private const string Script =
        """
        local arguments = {
          SET = { '', 'PX', '1000' }, MGET = {}, PTTL = {}, PEXPIRE = { '1000' }, EXPIRE = { '1' }, INCRBY = { '1' },
          ZADD = { '0', '0' }, ZREM = { '0' }, ZRANGE = { '0', '0' }, ZREMRANGEBYSCORE = { '1', '1' },
          HGETALL = {}, HINCRBY = { '0', '1' },
          XADD = { 'MAXLEN', '~', '1', '*', '0', '0' }, XRANGE = { '-', '+', 'COUNT', '1' }, XREVRANGE = { '+', '-', 'COUNT', '1' },
          XDEL = { '0-1' }, LPUSH = { '0' }, LTRIM = { '0', '0' }, LRANGE = { '0', '0' }, RPOP = {}, LLEN = {},
          HGET = { '0' }, HSET = { '0', '0' }, HDEL = { '0' },
        }
        local refused = {}
        for _, name in ipairs(ARGV) do
          local reply
          if name == 'TIME' then reply = redis.pcall(name) else reply = redis.pcall(name, KEYS[1], unpack(arguments[name])) end
          local error = type(reply) == 'table' and reply.err
          if error then
            for _, text in ipairs({ 'NOPERM', 'user executing the script', 'no permissions' }) do
              if string.find(error, text, 1, true) then
                if string.find(error, ' key', 1, true) then return 'keys' end
                refused[#refused + 1] = name
                break
              end
            end
          end
        end
        return table.concat(refused, ' ')
        """;

    /// <summary>Whether an error is about a missing right.</summary>
    public static bool IsAbout(Exception exception) =>
        exception is RedisServerException server
        && (server.Message.Contains("NOPERM", StringComparison.Ordinal)
            || server.Message.Contains("user executing the script", StringComparison.Ordinal)
            || server.Message.Contains("no permissions", StringComparison.Ordinal));

    /// <summary>Runs a script whose failure for a missing right should name it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="key">A key of the group that is used for nothing else.</param>
    /// <param name="commands">The script's commands.</param>
    /// <param name="run">Runs the script.</param>
    /// <exception cref="RedisServerException">Redis refused.</exception>
    public static async Task<RedisResult> NameMissingAsync(
        IDatabase database, RedisKey key, string[] commands, Func<Task<RedisResult>> run)
    {
        try
        {
            return await run();
        }
        catch (RedisServerException exception) when (IsAbout(exception))
        {
            throw new RedisServerException(
                exception.Kind, exception.Flags, $"the Redis user lacks {await DescribeAsync(database, key, commands)}.");
        }
    }

    /// <summary>Describes the missing rights.</summary>
    /// <param name="database">The database.</param>
    /// <param name="key">A key of the group that is used for nothing else.</param>
    /// <param name="commands">The commands.</param>
    public static async Task<string> DescribeAsync(IDatabase database, RedisKey key, IEnumerable<string> commands)
    {
        try
        {
            RedisValue[] names = [.. commands.Select(name => (RedisValue)name)];
            string refused = (string?)await database.ScriptEvaluateAsync(
                Script, [key], names, CommandFlags.DemandMaster | CommandFlags.NoScriptCache) ?? "";
            return refused switch
            {
                "" => "a right",
                "keys" => $"access to keys such as {key}",
                _ => $"the commands {refused.Replace(" ", ", ", StringComparison.Ordinal)}",
            };
        }
        catch (RedisServerException exception) when (IsAbout(exception))
        {
            return exception.Message.Contains("'eval'", StringComparison.Ordinal) ? "the commands EVAL" : $"access to keys such as {key}";
        }
        catch (RedisException)
        {
            return "a right";
        }
    }
}
