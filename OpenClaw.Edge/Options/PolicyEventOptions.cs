namespace OpenClaw.Edge.Options;

/// <summary>Event thresholds of one policy. Null keeps the value for all policies.</summary>
internal sealed class PolicyEventOptions
{
    /// <summary>Percent of a bucket used, each 1 to 100, up to 10; an empty list for none.</summary>
    public List<int>? Thresholds { get; set; }

    /// <summary>Denials of a client within the window, 0 to 1,000,000,000; 0 for none.</summary>
    public long? Denials { get; set; }
}
