using System.Buffers.Binary;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Arguments of a script call that writes, as a decision may, and charges no partition.</summary>
internal static class ProbeCall
{
    // Full again after a millisecond, so that each probe finds a token to take.
    private static readonly RateLimitPolicy Policy = new("probe", [new TokenBucket("probe", 1, 1, TimeSpan.FromMilliseconds(1))]);

    private static readonly PolicyDescriptor Descriptor = PolicyDescriptor.Of(Policy);

    public static RedisValue[] Values { get; } = [Program(), Descriptor.Layout, Descriptor.Format, Descriptor.Numbers];

    // One key with the first policy; one debit of one token from its first bucket.
    private static byte[] Program()
    {
        byte[] program = [1, 1, 1, 0, 1, 1, .. new byte[sizeof(double)]];
        BinaryPrimitives.WriteDoubleLittleEndian(program.AsSpan(6), 1);
        return program;
    }
}
