using System.Reflection;

namespace OpenClaw.Edge.Tests.Architecture;

/// <summary>Which folders (namespaces) of an assembly use which others, each with the two types that show it.</summary>
internal sealed class FolderGraph
{
    /// <summary>The folder of types directly in the root namespace.</summary>
    public const string Root = "(root)";

    private readonly Dictionary<(string From, string To), List<(string User, string Used)>> _uses = [];

    public FolderGraph(Assembly assembly, string rootNamespace)
        : this(
            from type in assembly.GetTypes()
            let user = TypeReferences.Outermost(type)
            where IsBelow(user, rootNamespace)
            from used in TypeReferences.Of(type)
            where used.Assembly == assembly && IsBelow(used, rootNamespace)
            select (FolderOf(user, rootNamespace), user.Name, FolderOf(used, rootNamespace), used.Name))
    {
    }

    /// <param name="uses">The uses: the user's folder and type, the used type's folder and name.</param>
    public FolderGraph(IEnumerable<(string Folder, string User, string UsedFolder, string Used)> uses)
    {
        foreach (var folders in uses.Where(use => use.Folder != use.UsedFolder).Distinct().GroupBy(use => (use.Folder, use.UsedFolder)))
        {
            _uses.Add(folders.Key, [.. folders.Select(use => (use.User, use.Used)).Order()]);
        }
    }

    /// <summary>The folders that a folder uses.</summary>
    public IEnumerable<string> UsedBy(string folder) => _uses.Keys.Where(use => use.From == folder).Select(use => use.To).Order();

    /// <summary>One line for each step of a cycle, with two types that show it. The step with the fewest uses, which is probably the wrong
    /// one, comes first.</summary>
    public IReadOnlyList<string> Cycles() =>
    [
        .. _uses.Where(use => Reaches(use.Key.To, use.Key.From))
            .OrderBy(use => use.Value.Count)
            .ThenBy(use => use.Key.From, StringComparer.Ordinal)
            .Select(use => $"{use.Key.From} → {use.Key.To}: {use.Value[0].User} uses {use.Value[0].Used}"),
    ];

    private static bool IsBelow(Type type, string rootNamespace) =>
        type.Namespace == rootNamespace || type.Namespace?.StartsWith(rootNamespace + ".", StringComparison.Ordinal) == true;

    private static string FolderOf(Type type, string rootNamespace) =>
        type.Namespace == rootNamespace ? Root : type.Namespace![(rootNamespace.Length + 1)..];

    private bool Reaches(string from, string to)
    {
        HashSet<string> reached = [from];
        for (Queue<string> next = new([from]); next.TryDequeue(out string? folder);)
        {
            foreach (string used in UsedBy(folder).Where(reached.Add))
            {
                next.Enqueue(used);
            }
        }

        return reached.Contains(to);
    }
}
