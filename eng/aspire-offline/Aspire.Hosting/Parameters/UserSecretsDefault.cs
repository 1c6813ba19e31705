using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Parameters;

/// <summary>Keeps a generated value in the AppHost's user secrets, for the next run to find.</summary>
internal sealed class UserSecretsDefault(Assembly appHost, string key, ParameterDefault inner) : ParameterDefault
{
    // What the configuration's own reader of such a file takes as well.
    private static readonly JsonDocumentOptions AsConfiguration = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static bool IsAvailable(Assembly? appHost) => appHost?.GetCustomAttribute<UserSecretsIdAttribute>() is not null;

    public override string GetDefaultValue()
    {
        var path = PathHelper.GetSecretsPathFromSecretsId(appHost.GetCustomAttribute<UserSecretsIdAttribute>()!.UserSecretsId);
        var secrets = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: AsConfiguration)!.AsObject() : [];
        if (secrets[key]?.GetValue<string>() is { } kept)
        {
            return kept;
        }

        var value = inner.GetDefaultValue();
        secrets[key] = value;
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        File.WriteAllText(path, secrets.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return value;
    }
}
