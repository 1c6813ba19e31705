namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of a resource.</summary>
public sealed record ResourceStateSnapshot
{
    private ResourceStateSnapshot(string text) => Text = text;

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public string Text { get; }

    /// <summary>The state of that name.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text);
}
