using System.Text.Json;

namespace OpenClaw.Console.Rules;

/// <summary>Suggestions for the caret's position in a rules document.</summary>
/// <param name="Before">Characters before the caret that a suggestion replaces.</param>
/// <param name="After">Characters after the caret that it replaces.</param>
/// <param name="Suggestions">The suggestions, best first.</param>
public sealed record Completion(int Before, int After, IReadOnlyList<Completion.Suggestion> Suggestions)
{
    private const int MaxSuggestions = 50;

    /// <summary>Completes a document.</summary>
    /// <param name="before">The text before the caret.</param>
    /// <param name="after">Some text after it.</param>
    /// <param name="schema">Schema of the document; null: only <paramref name="names"/> are suggested.</param>
    /// <param name="names">Names in force.</param>
    /// <returns>The completion; null when there is none.</returns>
    internal static Completion? Find(string before, string after, RulesSchema? schema, KnownNames names)
    {
        if (JsonPosition.Read(before) is not { } position)
        {
            return null;
        }

        bool isQuoted = position.Start < before.Length && before[position.Start] == '"';
        int replaced = isQuoted && after.StartsWith('"') ? 1 : 0;
        IEnumerable<Suggestion> all = position.IsName
            ? Names(position, names, schema, after[replaced..])
            : Values(position, names, schema, isQuoted);
        Suggestion[] matching = [.. all
            .Where(suggestion => suggestion.Label.Contains(position.Typed, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(suggestion => suggestion.Label.StartsWith(position.Typed, StringComparison.OrdinalIgnoreCase))
            .Take(MaxSuggestions)];
        return matching.Length == 0 ? null : new Completion(before.Length - position.Start, replaced, matching);
    }

    private static IEnumerable<Suggestion> Names(JsonPosition position, KnownNames names, RulesSchema? schema, string after)
    {
        string colon = after.TrimStart().StartsWith(':') ? "" : ": ";
        IEnumerable<(string Name, string Kind)> all = names.NamesAt(position.Path).Select(name => (name, "in force"))
            .Concat((schema?.NamesAt(position.Path) ?? []).Select(name => (name, "setting")));
        return all
            .Where(name => !position.Siblings.Contains(name.Name))
            .DistinctBy(name => name.Name, StringComparer.OrdinalIgnoreCase)
            .Select(name => new Suggestion(name.Name, JsonSerializer.Serialize(name.Name) + colon, name.Kind));
    }

    private static IEnumerable<Suggestion> Values(JsonPosition position, KnownNames names, RulesSchema? schema, bool isQuoted)
    {
        IEnumerable<(string Json, string Kind)> all = names.ValuesAt(position.Path)
            .Select(name => (JsonSerializer.Serialize(name), "in force"))
            .Concat((schema?.ValuesAt(position.Path) ?? []).Select(json => (json, "value")));
        return all
            .Where(value => !isQuoted || value.Json.StartsWith('"'))
            .DistinctBy(value => value.Json, StringComparer.Ordinal)
            .Select(value => new Suggestion(value.Json.Trim('"'), value.Json, value.Kind));
    }

    /// <summary>A suggestion.</summary>
    /// <param name="Label">Text to show.</param>
    /// <param name="Insert">Text to insert.</param>
    /// <param name="Kind">Origin of the suggestion.</param>
    public sealed record Suggestion(string Label, string Insert, string Kind);
}
