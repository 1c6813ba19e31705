using Mono.Cecil;

namespace OpenClaw.Architecture.Tests;

/// <summary>Dependencies between the folders of a project. A folder is a namespace below the project's. Types in other namespaces, such as
/// registrations in the framework's, are left out: they compose the project, and nothing in it depends on them.</summary>
internal sealed class FolderGraph
{
    private const int Examples = 3;

    private readonly SortedDictionary<(string From, string To), List<string>> _dependencies = [];

    /// <param name="project">Name of the project, of its assembly and of its root namespace.</param>
    public FolderGraph(string project)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, $"{project}.dll"));
        foreach (TypeDefinition type in module.Types)
        {
            foreach (TypeDefinition used in TypeReferences.Of(type))
            {
                if (FolderOf(type, project) is { } from
                    && FolderOf(used, project) is { } to
                    && from != to)
                {
                    if (!_dependencies.TryGetValue((from, to), out List<string>? examples))
                    {
                        _dependencies[(from, to)] = examples = [];
                    }

                    examples.Add($"{type.Name} uses {used.Name}");
                }
            }
        }
    }

    /// <summary>Dependencies between folders.</summary>
    public IEnumerable<(string From, string To)> Dependencies => _dependencies.Keys;

    /// <summary>The shortest cycle through each pair of folders that are on one; each step names types that make it.</summary>
    public IReadOnlyList<string> Cycles()
    {
        List<string> cycles = [];
        HashSet<(string, string)> reported = [];
        foreach ((string from, string to) in Dependencies)
        {
            if (!reported.Contains((from, to)) && PathBetween(to, from) is { } back)
            {
                string[] cycle = [from, .. back];
                (string From, string To)[] steps = [.. cycle.Zip(cycle.Skip(1))];
                reported.UnionWith(steps);
                cycles.Add(string.Join(Environment.NewLine, steps.Select(Describe).Prepend(string.Join(" → ", cycle))));
            }
        }

        return cycles;
    }

    private static string? FolderOf(TypeDefinition type, string project)
        => type.Namespace == project ? "(root)"
            : type.Namespace.StartsWith($"{project}.", StringComparison.Ordinal) ? type.Namespace[(project.Length + 1)..]
            : null;

    private string Describe((string From, string To) step)
    {
        List<string> examples = _dependencies[step];
        string more = examples.Count > Examples ? $" and {examples.Count - Examples} more" : "";
        return $"  {step.From} → {step.To}: {string.Join(", ", examples.Take(Examples))}{more}";
    }

    // Breadth first: the shortest way from one folder to another along dependencies.
    private string[]? PathBetween(string from, string to)
    {
        Dictionary<string, string[]> paths = new() { [from] = [from] };
        Queue<string> queue = new([from]);
        while (queue.TryDequeue(out string? folder))
        {
            if (folder == to)
            {
                return paths[folder];
            }

            foreach ((string _, string next) in Dependencies.Where(dependency => dependency.From == folder))
            {
                if (paths.TryAdd(next, [.. paths[folder], next]))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }
}
