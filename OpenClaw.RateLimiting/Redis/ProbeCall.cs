using System.Buffers.Binary;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Arguments of the script for a call that writes whatever the state is, as a decision may, and charges nobody.</summary>
internal static class ProbeCall
{
    // Full again after a millisecond, so that each probe finds something to take.
    private static readonly RateLimitPolicy Policy = new("probe", [new TokenBucket("probe", 1, 1, TimeSpan.FromMilliseconds(1))]);

    private static readonly PolicyDescriptor Descriptor = PolicyDescriptor.Of(Policy);

    public static RedisValue[] Values { get; } = [Program(), Descriptor.Layout, Descriptor.Format, Descriptor.Numbers];

    // The only key has the only policy. One debit, for the first bucket, of one token.
    private static byte[] Program()
    {
        byte[] program = [1, 1, 1, 0, 1, 1, .. new byte[sizeof(double)]];
        BinaryPrimitives.WriteDoubleLittleEndian(program.AsSpan(6), 1);
        return program;
    }
}
