using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OpenClaw.Edge.Admin;

/// <summary>The conditions that a request sets for the version it replaces: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110, 13.1.1 and
/// 13.1.2).</summary>
internal sealed class RulesPrecondition
{
    private readonly IList<EntityTagHeaderValue>? _match;
    private readonly IList<EntityTagHeaderValue>? _noneMatch;

    private RulesPrecondition(IList<EntityTagHeaderValue>? match, IList<EntityTagHeaderValue>? noneMatch) =>
        (_match, _noneMatch) = (match, noneMatch);

    /// <summary>Returns false with the reason when a field is neither <c>*</c> nor a list of entity tags in quotation marks.</summary>
    public static bool TryParse(IHeaderDictionary headers, [NotNullWhen(true)] out RulesPrecondition? precondition, out string error)
    {
        error = "";
        precondition = TryParse(headers.IfMatch, HeaderNames.IfMatch, out IList<EntityTagHeaderValue>? match, ref error)
            && TryParse(headers.IfNoneMatch, HeaderNames.IfNoneMatch, out IList<EntityTagHeaderValue>? noneMatch, ref error)
            ? new RulesPrecondition(match, noneMatch)
            : null;
        return precondition is not null;
    }

    /// <summary>Whether a document of that version may be replaced. Null: whether one may be created. Weak tags never match in
    /// <c>If-Match</c>.</summary>
    public bool Allows(string? version)
    {
        EntityTagHeaderValue? current = version is null ? null : new EntityTagHeaderValue($"\"{version}\"");
        return (_match is null || Matches(_match, current, useStrongComparison: true))
            && (_noneMatch is null || !Matches(_noneMatch, current, useStrongComparison: false));
    }

    /// <summary>The text for the audit log.</summary>
    public override string ToString() =>
        (_match is null ? "" : $"over version {string.Join(", ", _match.Select(Name))}")
        + (_noneMatch is null ? "" : $" unless there is version {string.Join(", ", _noneMatch.Select(Name))}");

    private static string Name(EntityTagHeaderValue tag) => (tag.IsWeak ? "W/" : "") + tag.Tag.ToString().Trim('"');

    private static bool Matches(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue? current, bool useStrongComparison) =>
        current is not null && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison));

    private static bool TryParse(StringValues field, string name, out IList<EntityTagHeaderValue>? tags, ref string error)
    {
        tags = null;
        if (field.Count == 0)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(field, out tags)
            || tags.Count == 0
            || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
        {
            error = $"{name} must be *, or versions in quotation marks as ETag gives them.";
            return false;
        }

        return true;
    }
}
