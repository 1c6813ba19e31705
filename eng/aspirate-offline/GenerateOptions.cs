namespace AspirateOffline;

/// <summary>The options of <c>aspirate generate</c> that shape its kustomize output, under aspirate's own names.</summary>
internal sealed record GenerateOptions
{
    /// <summary>The Aspire manifest. Required.</summary>
    public required string ManifestPath { get; init; }

    /// <summary>Folder that receives the base. Required; created when absent.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Namespace of every object. Required.</summary>
    public required string Namespace { get; init; }

    /// <summary>Prefix of the project images, such as <c>registry.example.com/team</c>. Required.</summary>
    public required string Registry { get; init; }

    /// <summary>Tag of the project images. Required; <c>latest</c> is refused.</summary>
    public required string Tag { get; init; }

    /// <summary>Pull policy of every container: IfNotPresent (default), Always or Never.</summary>
    public string PullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Values of the manifest's parameters; each parameter needs one.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    private static readonly string[] Flags = ["--non-interactive", "--disable-state", "--disable-secrets", "--skip-build"];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["--aspire-manifest"] = [],
        ["--output-path"] = [],
        ["--namespace"] = [],
        ["--container-registry"] = [],
        ["--container-image-tag"] = [],
        ["--image-pull-policy"] = ["IfNotPresent", "Always", "Never"],
        ["--output-format"] = ["kustomize"],
        ["--include-dashboard"] = ["false"],
        ["--parameter"] = [],
    };

    /// <summary>Reads the command line of <c>aspirate generate</c>.</summary>
    /// <exception cref="GenerateException">Every error in it, one per line.</exception>
    public static GenerateOptions Parse(IReadOnlyList<string> args)
    {
        List<string> errors = [];
        Dictionary<string, string> given = [];
        Dictionary<string, string> parameters = [];
        if (args.Count == 0 || args[0] != "generate")
        {
            errors.Add("the first word must be 'generate', as for aspirate");
        }

        for (int i = 1; i < args.Count; i++)
        {
            string name = args[i];
            if (Flags.Contains(name))
            {
                continue;
            }

            if (!Values.TryGetValue(name, out string[]? allowed))
            {
                errors.Add($"unknown option '{name}'; known are {string.Join(", ", Values.Keys.Concat(Flags))}");
            }
            else if (++i == args.Count)
            {
                errors.Add($"{name} needs a value");
            }
            else if (allowed.Length > 0 && !allowed.Contains(args[i]))
            {
                errors.Add($"{name} is '{args[i]}' but must be one of {string.Join(", ", allowed)}");
            }
            else if (name == "--parameter")
            {
                string[] pair = args[i].Split('=', 2);
                if (pair.Length == 2 && pair[0].Length > 0)
                {
                    parameters[pair[0]] = pair[1];
                }
                else
                {
                    errors.Add($"--parameter is '{args[i]}' but must be NAME=VALUE");
                }
            }
            else
            {
                given[name] = args[i];
            }
        }

        string Required(string name)
        {
            if (given.TryGetValue(name, out string? value) && value.Length > 0)
            {
                return value;
            }

            errors.Add($"{name} is required");
            return "";
        }

        GenerateOptions options = new()
        {
            ManifestPath = Required("--aspire-manifest"),
            OutputPath = Required("--output-path"),
            Namespace = Required("--namespace"),
            Registry = Required("--container-registry").TrimEnd('/'),
            Tag = Required("--container-image-tag"),
            PullPolicy = given.GetValueOrDefault("--image-pull-policy", "IfNotPresent"),
            Parameters = parameters,
        };
        if (options.Tag == "latest")
        {
            errors.Add("--container-image-tag is 'latest', which names no particular image: give a version");
        }

        return errors.Count == 0 ? options : throw new GenerateException(string.Join(Environment.NewLine, errors));
    }
}
