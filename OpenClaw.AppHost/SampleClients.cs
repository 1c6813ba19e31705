namespace OpenClaw.AppHost;

/// <summary>The sample clients in the edge's appsettings.Development.json.</summary>
internal static class SampleClients
{
    /// <summary>API key of the first sample client.</summary>
    public const string Key = "test-key";

    /// <summary>Id of the client with that key.</summary>
    public const string Id = "test";

    /// <summary>Ids of all sample clients.</summary>
    public static IReadOnlyList<string> Ids { get; } = [Id, "silver-sample", "gold-sample"];
}
