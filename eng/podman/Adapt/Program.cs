using System.Globalization;
using System.Text.Json;
using k8s;
using PodmanAdapt;

// Rendered manifests on standard input. Arguments: output folder, prefix, then WORKLOAD=ADDRESS=IMAGE for each workload, and
// WORKLOAD:PORTNAME=PORT for each port that is open on loopback. Writes play.yaml, and secrets/NAME.json for each Secret.
string[][] workloads = [.. args.Skip(2).Select(a => a.Split('=')).Where(a => a.Length == 3)];
string[][] ports = [.. args.Skip(2).Where(a => a.Count(c => c == '=') == 1).Select(a => a.Split('=', ':')).Where(a => a.Length == 3)];
if (args.Length < 3 || workloads.Length + ports.Length != args.Length - 2)
{
    Console.Error.WriteLine("usage: PodmanAdapt FOLDER PREFIX WORKLOAD=ADDRESS=IMAGE… WORKLOAD:PORTNAME=PORT…");
    return 1;
}

AdaptOptions options = new(
    args[1],
    workloads.ToDictionary(w => w[0], w => w[1]),
    workloads.ToDictionary(w => w[0], w => w[2]),
    ports.ToDictionary(p => (p[0], p[1]), p => int.Parse(p[2], CultureInfo.InvariantCulture)));
List<object> rendered = KubernetesYaml.LoadAllFromString(Console.In.ReadToEnd());
PodmanKube podman = new(options);

DirectoryInfo secrets = Directory.CreateDirectory(Path.Combine(args[0], "secrets"));
foreach ((string name, IDictionary<string, byte[]> data) in podman.Secrets(rendered))
{
    File.WriteAllText(Path.Combine(secrets.FullName, $"{name}.json"), JsonSerializer.Serialize(data));
}

File.WriteAllText(
    Path.Combine(args[0], "play.yaml"), string.Join("\n---\n", podman.Documents(rendered).Select(d => KubernetesYaml.Serialize(d))));
return 0;
