using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Names where an entry of the rules comes from.</summary>
internal static class RulesSource
{
    /// <summary><c>redis</c> for an entry of the rules document, else <c>configuration</c>.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="member"><c>Policies</c>, <c>Tiers</c> or <c>Clients</c>.</param>
    /// <param name="name">Name of the entry.</param>
    public static string Of(EdgeRules rules, string member, string name) =>
        rules.Document.Contains(member, name) ? "redis" : "configuration";
}
