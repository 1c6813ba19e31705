using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Networks;

/// <summary>A set of networks with logarithmic lookup. IPv4 addresses are stored as IPv4-mapped IPv6 addresses, so both spellings of an
/// address are equal. An IPv6 network around the mapped range excludes it: <c>::/0</c> is all of IPv6 and no IPv4.</summary>
internal sealed class NetworkSet
{
    private static readonly UInt128 FirstIPv4 = (UInt128)0xFFFF << 32;
    private static readonly UInt128 LastIPv4 = FirstIPv4 | uint.MaxValue;

    private readonly UInt128[] _first;
    private readonly UInt128[] _last;

    public NetworkSet(IEnumerable<IPNetwork> networks)
    {
        List<UInt128> first = [];
        List<UInt128> last = [];
        foreach ((UInt128 from, UInt128 to) in networks.SelectMany(RangesOf).Order())
        {
            if (last.Count > 0 && from <= last[^1])
            {
                last[^1] = UInt128.Max(last[^1], to);
            }
            else
            {
                first.Add(from);
                last.Add(to);
            }
        }

        _first = [.. first];
        _last = [.. last];
    }

    public bool IsEmpty => _first.Length == 0;

    public bool Contains(IPAddress address)
    {
        if (_first.Length == 0)
        {
            return false;
        }

        UInt128 bits = BitsOf(address);
        int index = Array.BinarySearch(_first, bits);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && bits <= _last[index];
    }

    /// <summary>An address as 128 bits.</summary>
    public static UInt128 BitsOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? FirstIPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IEnumerable<(UInt128 From, UInt128 To)> RangesOf(IPNetwork network)
    {
        int hostBits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        UInt128 hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        UInt128 from = BitsOf(network.BaseAddress) & ~hosts;
        UInt128 to = from | hosts;
        if (hostBits <= 32 || from > FirstIPv4 || to < LastIPv4)
        {
            return [(from, to)];
        }

        return to == LastIPv4 ? [(from, FirstIPv4 - 1)] : [(from, FirstIPv4 - 1), (LastIPv4 + 1, to)];
    }
}
