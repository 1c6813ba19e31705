namespace PodmanAdapt;

/// <summary>Differences from the cluster for which the manifests were rendered.</summary>
/// <param name="Name">Prefix of every pod, volume and secret, so that several stacks fit on one machine.</param>
/// <param name="Addresses">Address of every workload in the podman network, in place of a Service.</param>
/// <param name="Images">Local image of every workload.</param>
/// <param name="Ports">Loopback ports of the host that lead to containers: by workload and name of the container's port.</param>
internal sealed record AdaptOptions(
    string Name,
    IReadOnlyDictionary<string, string> Addresses,
    IReadOnlyDictionary<string, string> Images,
    IReadOnlyDictionary<(string Workload, string Port), int> Ports);
