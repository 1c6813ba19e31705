namespace OpenClaw.Console.Components.Shared;

/// <summary>Where a rule comes from.</summary>
internal static class Sources
{
    /// <summary>The name that people read.</summary>
    public static string Name(string? source) => source switch
    {
        "configuration" => "configuration",
        "redis" => "Redis document",
        _ => source ?? "–",
    };
}
