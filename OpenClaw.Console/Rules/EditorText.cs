namespace OpenClaw.Console.Rules;

/// <summary>The text that the editor shows once it is writable.</summary>
/// <param name="Text">The text.</param>
/// <param name="SavedAt">When the browser saved it, if it is unsaved text of an earlier page; null: it is the text that was to be
/// shown.</param>
/// <param name="Version">Version that the saved text is based on; null: there was none, or nothing was restored.</param>
public sealed record EditorText(string Text, DateTimeOffset? SavedAt, string? Version);
