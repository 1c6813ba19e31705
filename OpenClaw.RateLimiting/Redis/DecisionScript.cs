namespace OpenClaw.RateLimiting.Redis;

/// <summary>The script that decides a batch in Redis.</summary>
internal static class DecisionScript
{
    /// <summary>Text of <c>decide.lua</c>.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using Stream stream = typeof(DecisionScript).Assembly.GetManifestResourceStream("decide.lua")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
