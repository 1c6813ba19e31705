using OpenClaw.Console.Edge.Model;

namespace OpenClaw.Console.Components.Shared;

/// <summary>Describes events.</summary>
internal static class EventText
{
    /// <summary>Types of events and their titles.</summary>
    public static readonly IReadOnlyDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["client.threshold"] = "Threshold passed",
        ["client.denied"] = "Many denials",
        ["client.blocked"] = "Blocked",
        ["client.unblocked"] = "Unblocked",
        ["client.granted"] = "Tokens granted",
        ["client.reset"] = "Reset",
        ["rules.changed"] = "Rules changed",
        ["store.lost"] = "Redis unavailable",
        ["store.restored"] = "Redis restored",
    };

    /// <summary>Title of a type; the type itself where it is unknown.</summary>
    public static string Title(string type) => Titles.GetValueOrDefault(type, type);

    /// <summary>Describes an event, without its client or address.</summary>
    public static string Describe(EdgeEvent happened) => happened.Type switch
    {
        "client.threshold" => $"used {happened.Threshold} % of {Bucket(happened)}{Left(happened)}",
        "client.denied" =>
            $"{Format.Count(happened.Denials ?? 0)} requests denied within {Format.Seconds(happened.WindowSeconds ?? 0)}{Of(happened)}",
        "client.blocked" => $"for {Format.Seconds(happened.Seconds ?? 0)}{Of(happened)}{By(happened)}",
        "client.granted" => $"{Format.Count(happened.Tokens ?? 0)} tokens{Of(happened)}{By(happened)}",
        "client.unblocked" or "client.reset" => $"{Of(happened)}{By(happened)}".TrimStart(' ', ','),
        "rules.changed" => happened.Version is null ? "in the configuration" : $"version {happened.Version}{By(happened)}",
        "store.lost" => $"{happened.Replica} decides without Redis{Because(happened)}",
        "store.restored" => $"{happened.Replica} decides with Redis again",
        _ => happened.Reason ?? "",
    };

    private static string Bucket(EdgeEvent happened) => $"{happened.Policy}/{happened.Bucket}";

    private static string Left(EdgeEvent happened) => happened is { Remaining: { } remaining, Capacity: { } capacity }
        ? $", {Format.Count(remaining)} of {Format.Count(capacity)} tokens left" : "";

    private static string Of(EdgeEvent happened) => happened.Policy is null ? "" : $", policy {happened.Policy}";

    private static string By(EdgeEvent happened) =>
        (happened.Operator is null ? "" : $", by {happened.Operator}") + (happened.Reason is null ? "" : $": “{happened.Reason}”");

    private static string Because(EdgeEvent happened) => happened.Reason is null ? "" : $": {happened.Reason}";
}
