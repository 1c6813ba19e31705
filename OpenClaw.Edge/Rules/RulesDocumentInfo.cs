namespace OpenClaw.Edge.Rules;

/// <summary>What Redis holds of a rules document, without the document.</summary>
/// <param name="Version">Its version; null when it is longer than a version can be, and was not read.</param>
/// <param name="DocumentBytes">Size of the document.</param>
internal readonly record struct RulesDocumentInfo(string? Version, long DocumentBytes)
{
    /// <summary>Why the document must not be read; null when it may be.</summary>
    public string? Error =>
        Version is null || !RulesVersion.IsValid(Version) ? $"The version is not valid; it must have {RulesVersion.Expected}."
        : DocumentBytes > RulesDocument.MaxBytes ? RulesDocument.TooLarge(DocumentBytes)
        : null;
}
