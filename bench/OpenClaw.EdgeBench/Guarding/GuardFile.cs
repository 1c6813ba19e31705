using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.EdgeBench.Guarding;

/// <summary>Ratios that were measured before, in <c>bench/guard.json</c>.</summary>
/// <param name="Tolerance">Largest loss, as a fraction of the ratio.</param>
/// <param name="Ratios">Processor time of the second workload over that of the first, by name.</param>
internal sealed record GuardFile(double Tolerance, SortedDictionary<string, double> Ratios)
{
    private const double DefaultTolerance = 0.15;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Path { get; } = System.IO.Path.Combine(Repository.Bench, "guard.json");

    /// <exception cref="InvalidOperationException">It cannot be read.</exception>
    public static GuardFile Read()
    {
        if (!File.Exists(Path))
        {
            return new GuardFile(DefaultTolerance, []);
        }

        try
        {
            return JsonSerializer.Deserialize<GuardFile>(File.ReadAllText(Path), Json) is { Ratios: not null } file
                ? file : throw new InvalidOperationException($"{Path} has no ratios.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{Path} cannot be read: {exception.Message}");
        }
    }

    public void Write() => File.WriteAllText(Path, JsonSerializer.Serialize(this, Json) + Environment.NewLine);
}
