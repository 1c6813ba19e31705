using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Notifier.Queue;

/// <summary>A delivery in the queue.</summary>
/// <param name="Names">Names of the clients and operators at the address.</param>
/// <param name="Event">The event's JSON, as a text.</param>
/// <param name="IsRepeated">Whether an operator requested the delivery again. The event's age is then not limited.</param>
internal sealed record Job(IReadOnlyList<string> Names, string Event, bool IsRepeated)
{
    /// <summary>Whether this version can read the job. If not, <see cref="Event"/> is the job's whole text.</summary>
    [JsonIgnore]
    public bool IsReadable { get; private init; } = true;

    public string ToJson() => JsonSerializer.Serialize(this, JobJson.Default.Job);

    /// <summary>Reads a job. Another version of the notifier may have written it in another form.</summary>
    public static Job FromJson(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, JobJson.Default.Job) is { Names: not null, Event: not null } job
                && job.Names.All(name => name is not null))
            {
                return job;
            }
        }
        catch (JsonException)
        {
            // It is unreadable, too.
        }

        return new([], json, false) { IsReadable = false };
    }
}

/// <summary>JSON of jobs.</summary>
[JsonSerializable(typeof(Job))]
internal sealed partial class JobJson : JsonSerializerContext;
