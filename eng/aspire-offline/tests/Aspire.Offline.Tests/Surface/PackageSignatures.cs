namespace Aspire.Offline.Tests.Surface;

/// <summary>The public signatures of the packages, from a list that lies beside the repository where there is one.</summary>
internal sealed class PackageSignatures
{
    private readonly Dictionary<string, (HashSet<string> Bases, HashSet<string> Members)> _types = [];

    public PackageSignatures(string file)
    {
        Text = File.ReadAllText(file);
        (HashSet<string> Bases, HashSet<string> Members)? current = null;
        foreach (var line in Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                // An enum has all its values on one line.
                current!.Value.Members.UnionWith(line.Contains('(', StringComparison.Ordinal) || line.Contains('{', StringComparison.Ordinal)
                    ? [line.Trim()]
                    : line.Split(',', StringSplitOptions.TrimEntries));
                continue;
            }

            // "namespace: kind Name<T> : Base, Base where T : Constraint"
            var parts = line.Split(" : ", 2);
            var header = parts[0].Split(" where ")[0];
            var bases = parts.Length == 2 && !parts[0].Contains(" where ", StringComparison.Ordinal) ? parts[1].Split(" where ")[0].Split(", ") : [];
            current = _types[header] = ([.. bases], []);
        }
    }

    public string Text { get; }

    public bool Has(string header) => _types.ContainsKey(header);

    /// <summary>The member as it is, or a property with at least these accessors.</summary>
    public bool HasMember(string header, string member)
    {
        var members = _types[header].Members;
        return members.Contains(member)
            || (member.EndsWith(" { get; }", StringComparison.Ordinal) && members.Contains(member.Replace(" { get; }", " { get; set; }", StringComparison.Ordinal)));
    }

    /// <summary>Whether the type is, directly or through its bases, a <paramref name="name"/>.</summary>
    public bool Is(string header, string name) =>
        _types[header].Bases.Contains(name)
        || _types[header].Bases.Any(parent => _types.Keys.FirstOrDefault(key => key.EndsWith($" {parent}", StringComparison.Ordinal)) is { } known && Is(known, name));
}
