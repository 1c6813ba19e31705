namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>The rules that every overlay keeps.</summary>
internal static class ManifestRules
{
    public static IReadOnlyList<IManifestRule> All { get; } =
    [
        new ContainersAreProbed(), new ContainersAreBounded(), new PodsAreRestricted(), new SelectorsMatch(), new ReferencesExist(),
        new ImagesArePinned(), new SecretsStaySecret(), new TrafficIsDenied(), new NeededTrafficPasses(), new RollOutsLoseNothing(),
        new NamespaceIsSet(), new EdgeFitsItsMemory(), new ObjectsAreLabelled(), new TelemetryNamesItsOrigin(), new EntryIsNarrow(),
        new MetricsStayVisible(), new DiffStaysEmpty(),
    ];
}
