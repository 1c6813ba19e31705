namespace OpenClaw.Console.Components.Shared;

/// <summary>Names of the sources of rules.</summary>
internal static class Sources
{
    /// <summary>The name for display.</summary>
    public static string Name(string? source) => source switch
    {
        "configuration" => "configuration",
        "redis" => "Redis document",
        _ => source ?? "–",
    };
}
