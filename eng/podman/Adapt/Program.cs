using System.Globalization;
using System.Text.Json;
using k8s;
using PodmanAdapt;

// Rendered manifests on standard input. Arguments: output folder, prefix, port of the edge, then WORKLOAD=ADDRESS=IMAGE for each workload.
// Writes play.yaml, and secrets/NAME.json for each Secret.
if (args.Length < 4 || !int.TryParse(args[2], CultureInfo.InvariantCulture, out int port) || args[3..].Any(a => a.Split('=').Length != 3))
{
    Console.Error.WriteLine("usage: PodmanAdapt FOLDER PREFIX PORT WORKLOAD=ADDRESS=IMAGE…");
    return 1;
}

string[][] workloads = [.. args[3..].Select(a => a.Split('='))];
AdaptOptions options = new(args[1], workloads.ToDictionary(w => w[0], w => w[1]), workloads.ToDictionary(w => w[0], w => w[2]), port);
List<object> rendered = KubernetesYaml.LoadAllFromString(Console.In.ReadToEnd());
PodmanKube podman = new(options);

DirectoryInfo secrets = Directory.CreateDirectory(Path.Combine(args[0], "secrets"));
foreach ((string name, IDictionary<string, byte[]> data) in podman.Secrets(rendered))
{
    File.WriteAllText(Path.Combine(secrets.FullName, $"{name}.json"), JsonSerializer.Serialize(data));
}

File.WriteAllText(Path.Combine(args[0], "play.yaml"), string.Join("\n---\n", podman.Documents(rendered).Select(d => KubernetesYaml.Serialize(d))));
return 0;
