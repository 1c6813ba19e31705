using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Notifier.Queue;

/// <summary>A delivery in the queue.</summary>
/// <param name="Names">Names of the clients and operators at the address.</param>
/// <param name="Event">The event's JSON, as a text.</param>
/// <param name="IsRepeated">Whether an operator requested the delivery again. The event's age is then not limited.</param>
internal sealed record Job(IReadOnlyList<string> Names, string Event, bool IsRepeated)
{
    public string ToJson() => JsonSerializer.Serialize(this, JobJson.Default.Job);

    public static Job FromJson(string json) => JsonSerializer.Deserialize(json, JobJson.Default.Job)!;
}

/// <summary>JSON of jobs.</summary>
[JsonSerializable(typeof(Job))]
internal sealed partial class JobJson : JsonSerializerContext;
