using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.RatingApi.Ratings;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(Rating))]
[JsonSerializable(typeof(RatingRecorded))]
[JsonSerializable(typeof(RatingSummary))]
internal sealed partial class RatingJsonContext : JsonSerializerContext;
