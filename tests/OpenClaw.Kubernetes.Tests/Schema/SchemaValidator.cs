using System.Text.Json;

namespace OpenClaw.Kubernetes.Tests.Schema;

/// <summary>The OpenAPI schemas of Kubernetes and of the extensions used, through npm packages; installs them once.</summary>
internal static class SchemaValidator
{
    private static readonly string Folder = Repository.At("tests/OpenClaw.Kubernetes.Tests/Schema");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>The schema errors of each of the rendered texts, all in one process: loading the schemas is what takes time.</summary>
    public static async Task<Dictionary<string, string[]>> ErrorsAsync(IReadOnlyDictionary<string, string> rendered)
    {
        Tool.Require("node", "Node.js 20 or later, with npm");
        await Installed.Value;
        string input = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(input, JsonSerializer.Serialize(rendered));
            Tool.Result result = await Tool.RunAsync("/bin/sh", ["-c", "node validate.mjs < \"$0\"", input], Folder);
            return JsonSerializer.Deserialize<Dictionary<string, string[]>>(result.Successful())!;
        }
        finally
        {
            File.Delete(input);
        }
    }

    private static async Task InstallAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules/@kubernetes-models/gateway-api/package.json")))
        {
            (await Tool.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], Folder)).Successful();
        }
    }
}
