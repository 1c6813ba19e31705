namespace OpenClaw.Edge.Rules;

/// <summary>Version and size of the rules document in Redis.</summary>
/// <param name="Version">Its version; null when it is too long for a version and was not read.</param>
/// <param name="DocumentBytes">Size of the document in bytes.</param>
internal readonly record struct RulesDocumentInfo(string? Version, long DocumentBytes)
{
    /// <summary>Why the document must not be read; null when it may be.</summary>
    public string? Error =>
        Version is null || !RulesVersion.IsValid(Version) ? $"The version is not valid; it must have {RulesVersion.Expected}."
        : DocumentBytes > RulesDocument.MaxBytes ? RulesDocument.TooLarge(DocumentBytes)
        : null;
}
