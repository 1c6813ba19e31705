namespace AspirateOffline.Manifest;

/// <summary>One resource of the manifest. Which members are set depends on <see cref="Type"/>.</summary>
internal sealed record ManifestResource
{
    /// <summary>Port on which every project listens: aspirate sets ASPNETCORE_URLS to it whatever the manifest says.</summary>
    public const int ProjectPort = 8080;

    private static readonly string[] ValueTypes = ["parameter.v0", "annotated.string", "value.v0"];

    /// <summary>Kind and schema version, such as <c>project.v0</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Image of a container resource.</summary>
    public string? Image { get; init; }

    /// <summary>Command of a container resource; null keeps the image's own.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Arguments of the command.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Environment, with expressions.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Endpoints by name.</summary>
    public IReadOnlyDictionary<string, Binding> Bindings { get; init; } = new Dictionary<string, Binding>();

    /// <summary>Named volumes of a container resource.</summary>
    public IReadOnlyList<Volume> Volumes { get; init; } = [];

    /// <summary>Connection string expression.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Whether this is a .NET project, whose image is built from source.</summary>
    public bool IsProject => Type is "project.v0" or "project.v1";

    /// <summary>Whether this runs an image as it is.</summary>
    public bool IsContainer => Type is "container.v0" or "container.v1";

    /// <summary>Reasons why aspirate would render the resource wrongly; empty for none.</summary>
    public IEnumerable<string> Errors(string name)
    {
        if (!IsProject && !IsContainer && !ValueTypes.Contains(Type))
        {
            yield return $"{name}: type '{Type}' is not handled; known are project.v0, container.v0, {string.Join(", ", ValueTypes)}";
        }

        if (IsContainer && string.IsNullOrEmpty(Image))
        {
            yield return $"{name}: a container needs an image";
        }

        if (IsProject &&
            (Bindings.Count != 1 || !Bindings.TryGetValue("http", out Binding? http) || http.TargetPort is not (null or ProjectPort)))
        {
            string found = Bindings.Count == 0 ? "none" : string.Join(", ", Bindings.Select(b => $"{b.Key} on {b.Value.TargetPort}"));
            yield return $"{name}: a project needs exactly one binding, http on target port {ProjectPort}; it has {found}";
        }

        if (Volumes.Count > 1)
        {
            yield return $"{name}: more than one volume is not handled";
        }

        foreach (string arg in Args.Where(a => a.Contains('{') && a.Contains('}')))
        {
            yield return $"{name}: aspirate leaves the expression in argument '{arg}' as it is; pass it through the environment";
        }
    }

    /// <summary>An endpoint.</summary>
    internal sealed record Binding(string Scheme = "tcp", int? TargetPort = null, int? Port = null);

    /// <summary>A named volume.</summary>
    internal sealed record Volume(string Name, string Target);
}
