namespace OpenClaw.Edge.Rules;

/// <summary>The script that writes a rules document.</summary>
internal static class RulesScript
{
    /// <summary>Its commands.</summary>
    public static readonly string[] Commands = ["HGET", "HSET", "HDEL", "LPUSH", "LLEN", "RPOP"];

    // KEYS[1]: hash of version and document. KEYS[2]: list of versions, the newest first. KEYS[3]: hash of their documents ("d:" and the
    // version) and of their metadata ("m:" and the version). ARGV[1]: version. ARGV[2]: document. ARGV[3]: its metadata. ARGV[4]: number of
    // versions to keep. ARGV[5]: expected current document: "none", "any", or "version" for ARGV[6]. ARGV[7]: the time, for a document that
    // was written without this script and is kept now. ARGV[8]: size of the largest document. Returns 0 when the current document is not
    // the expected one.
    public const string Write =
        """
        local current = redis.call('HGET', KEYS[1], 'version')
        if ARGV[5] == 'none' and current then return 0 end
        if ARGV[5] == 'version' and current ~= ARGV[6] then return 0 end
        local function keep(version, document, about)
          redis.call('LPUSH', KEYS[2], version)
          redis.call('HSET', KEYS[3], 'd:' .. version, document, 'm:' .. version, about)
        end
        if ARGV[5] == 'version' and not redis.call('HGET', KEYS[3], 'm:' .. current) then
          local document = redis.call('HGET', KEYS[1], 'document') or ''
          if #document <= tonumber(ARGV[8]) then
            keep(current, document, '{"at":"' .. ARGV[7] .. '","bytes":' .. #document .. '}')
          end
        end
        keep(ARGV[1], ARGV[2], ARGV[3])
        redis.call('HSET', KEYS[1], 'version', ARGV[1], 'document', ARGV[2])
        while redis.call('LLEN', KEYS[2]) > tonumber(ARGV[4]) do
          local oldest = redis.call('RPOP', KEYS[2])
          redis.call('HDEL', KEYS[3], 'd:' .. oldest, 'm:' .. oldest)
        end
        return 1
        """;
}
