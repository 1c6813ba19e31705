namespace OpenClaw.Edge.Configuration;

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

    /// <summary>All names from the root, with colons between them. Made when it is asked for, for an error: kept, the paths below one long name would take many times the
    /// document that they come from.</summary>
    public string Path => _parent is null ? _name : $"{_parent.Path}:{_name}";

    /// <summary>The value as text; null when there is none, or when it is an explicit null.</summary>
    public string? Value { get; private set; }

    /// <summary>Somebody wrote null here; in configuration, whose sources keep both alike, that may also be an empty section.</summary>
    public bool IsNull { get; private set; }

    public IReadOnlyDictionary<string, SettingsNode> Children => _children ?? Nothing;

    public void Set(string? value)
    {
        Value = value;
        IsNull = value is null;
    }

    /// <summary>The node of that name, which is made when there is none.</summary>
    public SettingsNode Child(string name)
    {
        // Most nodes are values and never have any.
        _children ??= new Dictionary<string, SettingsNode>(StringComparer.OrdinalIgnoreCase);
        if (!_children.TryGetValue(name, out SettingsNode? child))
        {
            child = new SettingsNode(this, name);
            _children.Add(name, child);
        }

        return child;
    }

    /// <summary>The same with some children replaced: by null, taken away. Neither this node nor any below it changes.</summary>
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
