using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Networks;

/// <summary>The part of an address that identifies one client: all of an IPv4 address, the network prefix of an IPv6 address. Compared by
/// value.</summary>
/// <param name="Bits">The address; an IPv4 address in the low 32 bits.</param>
/// <param name="PrefixLength">Number of significant bits, up to 32 or 128.</param>
/// <param name="IsIPv4">Whether it is IPv4. An IPv4 address written as IPv6 (<c>::ffff:…</c>) is.</param>
internal readonly record struct ClientAddress(UInt128 Bits, byte PrefixLength, bool IsIPv4)
{
    public static ClientAddress From(IPAddress address, int ipv6PrefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes, out _);
            return new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), 32, IsIPv4: true);
        }

        address.TryWriteBytes(bytes, out _);
        UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return bits >> 32 == 0xFFFF
            ? new ClientAddress((uint)bits, 32, IsIPv4: true)
            : new ClientAddress(bits & (UInt128.MaxValue << (128 - ipv6PrefixLength)), (byte)ipv6PrefixLength, IsIPv4: false);
    }

    /// <summary><c>203.0.113.7</c>, <c>2001:db8:1:2::/64</c></summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
            return new IPAddress(bytes[..4]).ToString();
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return $"{new IPAddress(bytes)}/{PrefixLength}";
    }
}
