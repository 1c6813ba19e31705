namespace OpenClaw.RateLimiting.Configuration;

/// <summary>Reads the options of a limiter.</summary>
internal static class OptionsReader
{
    public static void Read(SettingsReader settings, RedisRateLimiterOptions options)
    {
        settings.Text(nameof(options.KeyPrefix), value => options.KeyPrefix = value);
        settings.Duration(nameof(options.Deadline), value => options.Deadline = value);
        settings.Number(nameof(options.Lanes), (int value) => options.Lanes = value);
        settings.Number(nameof(options.MaxPartitionsPerCall), (int value) => options.MaxPartitionsPerCall = value);
        settings.Number(nameof(options.MaxDecisionsPerCall), (int value) => options.MaxDecisionsPerCall = value);
        settings.Number(nameof(options.DenyCacheEntries), (int value) => options.DenyCacheEntries = value);
        settings.Text(nameof(options.ReplicaName), value => options.ReplicaName = value);
        settings.Number(nameof(options.AssumedReplicas), (int value) => options.AssumedReplicas = value);
        settings.Number(nameof(options.CircuitThreshold), (int value) => options.CircuitThreshold = value);
        settings.Duration(nameof(options.ProbeInterval), value => options.ProbeInterval = value);
        settings.Number(nameof(options.MaxLocalPartitions), (int value) => options.MaxLocalPartitions = value);
    }
}
