using StackExchange.Redis;

namespace OpenClaw.Notifier.Queue;

/// <summary>A Lua script of this assembly.</summary>
internal sealed class Script
{
    private readonly string _text;

    /// <param name="name">Name of the file.</param>
    public Script(string name)
    {
        using Stream stream = typeof(Script).Assembly.GetManifestResourceStream($"{name}.lua")!;
        using StreamReader reader = new(stream);
        _text = reader.ReadToEnd();
    }

    public Task<RedisResult> RunAsync(IDatabaseAsync database, RedisKey[] keys, params RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments);
}
