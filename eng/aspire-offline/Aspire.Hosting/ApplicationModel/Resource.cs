using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Base of all resources.</summary>
/// <param name="name">Letters, digits and single hyphens, starting with a letter, 64 characters at most.</param>
/// <exception cref="ArgumentException">The name is none of that.</exception>
public abstract partial class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = name.Length <= 64 && NamePattern().IsMatch(name) ? name : throw new ArgumentException(
        $"Resource name '{name}' is invalid: use ASCII letters, digits and single hyphens, start with a letter, 64 characters at most.", nameof(name));

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
