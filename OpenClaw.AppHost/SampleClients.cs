namespace OpenClaw.AppHost;

/// <summary>The clients that the edge knows in development, as its appsettings.Development.json lists them.</summary>
internal static class SampleClients
{
    /// <summary>The API key of the first of them.</summary>
    public const string Key = "test-key";

    /// <summary>The id of the client with that key.</summary>
    public const string Id = "test";

    /// <summary>The ids of all.</summary>
    public static IReadOnlyList<string> Ids { get; } = [Id, "silver-sample", "gold-sample"];
}
