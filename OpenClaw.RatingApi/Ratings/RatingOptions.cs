namespace OpenClaw.RatingApi.Ratings;

/// <summary>Limits of the rating store and of request bodies. Configuration section <see cref="Section"/>.</summary>
internal sealed class RatingOptions
{
    public const string Section = "Ratings";

    /// <summary>Subjects kept, 1 to 10 000 000; the least recently rated makes room for a new one. Default 10 000.</summary>
    public int MaxSubjects { get; set; } = 10_000;

    /// <summary>Largest request body in bytes, 64 to 1 048 576. Default 16 384.</summary>
    public int MaxBodyBytes { get; set; } = 16_384;
}
