using System.Net;
using k8s.Models;

namespace OpenClaw.Kubernetes.Tests.Rules;

/// <summary>Which addresses a block of a policy takes.</summary>
internal static class AddressBlocks
{
    // Wider than any private network.
    private const int Wide = 7;

    /// <summary>Private, shared, loopback and link-local networks, where clouds serve metadata too, and IPv6's ways to write
    /// them.</summary>
    private static readonly IPNetwork[] Inner =
    [
        .. new[]
        {
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
            "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "fc00::/7", "fe80::/10",
        }.Select(IPNetwork.Parse),
    ];

    public static bool IsWide(V1IPBlock block) => IPNetwork.Parse(block.Cidr).PrefixLength < Wide;

    /// <summary>The inner networks that a block reaches into and does not except.</summary>
    public static IEnumerable<string> InnerNetworks(V1IPBlock block)
    {
        IPNetwork whole = IPNetwork.Parse(block.Cidr);
        IPNetwork[] excepted = [.. (block.Except ?? []).Select(IPNetwork.Parse)];
        return Inner.Where(n => Contains(whole, n) && !excepted.Any(e => Contains(e, n))).Select(n => $"{n}");
    }

    private static bool Contains(IPNetwork outer, IPNetwork inner) =>
        outer.BaseAddress.AddressFamily == inner.BaseAddress.AddressFamily && outer.PrefixLength <= inner.PrefixLength &&
        outer.Contains(inner.BaseAddress);
}
