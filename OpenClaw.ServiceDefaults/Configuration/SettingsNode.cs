namespace OpenClaw.ServiceDefaults.Configuration;

/// <summary>A setting, or a section with settings below it. Names are case-insensitive.</summary>
internal sealed class SettingsNode
{
    private static readonly Dictionary<string, SettingsNode> Nothing = [];

    private readonly SettingsNode? _parent;
    private readonly string _name;
    private Dictionary<string, SettingsNode>? _children;

    /// <summary>The root of a tree.</summary>
    public SettingsNode(string path) => _name = path;

    private SettingsNode(SettingsNode? parent, string name)
    {
        _parent = parent;
        _name = name;
    }

    /// <summary>All names from the root, joined by colons. Computed on demand: stored paths below a long name would take many times the
    /// size of the document.</summary>
    public string Path => _parent is null ? _name : $"{_parent.Path}:{_name}";

    /// <summary>The value as text; null when there is none, or when it is an explicit null.</summary>
    public string? Value { get; private set; }

    /// <summary>Whether the value is an explicit null or, in configuration sources, which do not distinguish the two, an empty
    /// section.</summary>
    public bool IsNull { get; private set; }

    public IReadOnlyDictionary<string, SettingsNode> Children => _children ?? Nothing;

    public void Set(string? value)
    {
        Value = value;
        IsNull = value is null;
    }

    /// <summary>Gets the child of that name, or adds it.</summary>
    public SettingsNode Child(string name)
    {
        // Created on demand: most nodes have no children.
        _children ??= new Dictionary<string, SettingsNode>(StringComparer.OrdinalIgnoreCase);
        if (!_children.TryGetValue(name, out SettingsNode? child))
        {
            child = new SettingsNode(this, name);
            _children.Add(name, child);
        }

        return child;
    }

    /// <summary>Returns a copy with some children replaced, or removed where the new one is null. This node and those below it do not
    /// change.</summary>
    public SettingsNode With(IEnumerable<KeyValuePair<string, SettingsNode?>> changes)
    {
        Dictionary<string, SettingsNode> children = new(Children, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, SettingsNode? child) in changes)
        {
            if (child is null)
            {
                children.Remove(name);
            }
            else
            {
                children[name] = child;
            }
        }

        return new SettingsNode(_parent, _name) { Value = Value, IsNull = IsNull, _children = children };
    }
}
