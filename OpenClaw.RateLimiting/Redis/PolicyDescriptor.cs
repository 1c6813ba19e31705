using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>A policy as arguments of the script. Made once per policy.</summary>
internal sealed class PolicyDescriptor
{
    /// <summary>Number of arguments per policy.</summary>
    public const int Arguments = 3;

    private static readonly ConditionalWeakTable<RateLimitPolicy, PolicyDescriptor> Descriptors = [];

    private PolicyDescriptor(RateLimitPolicy policy)
    {
        List<byte> layout = [(byte)policy.Numbers.Length];
        List<byte> numbers = [];
        StringBuilder format = new("<d");
        foreach (BucketArithmetic bucket in policy.Numbers)
        {
            int width = WidthOf(bucket.Capacity);
            layout.Add((byte)bucket.Tag);
            layout.Add((byte)(bucket.Tag >> 8));
            layout.Add((byte)width);
            layout.AddRange(width == 8 ? Float(bucket.Capacity) : BitConverter.GetBytes(bucket.Capacity)[..width]);
            format.Append(width == 8 ? "d" : $"I{width}");
            numbers.AddRange(Float(bucket.Capacity));
            numbers.AddRange(Float(bucket.UnitsPerToken));
            numbers.AddRange(Float(bucket.UnitsPerMicrosecond));
            numbers.Add(bucket.Shadow ? (byte)1 : (byte)0);
        }

        Layout = layout.ToArray();
        Format = Encoding.ASCII.GetBytes(format.ToString());
        Numbers = numbers.ToArray();
    }

    /// <summary>Tags and capacities of the buckets, as at the start of every stored state: equal bytes mean equal buckets.</summary>
    public RedisValue Layout { get; }

    /// <summary>Format of the state after the layout.</summary>
    public RedisValue Format { get; }

    /// <summary>Numbers of the buckets.</summary>
    public RedisValue Numbers { get; }

    /// <summary>Descriptor of a policy; the same object for as long as the policy lives.</summary>
    public static PolicyDescriptor Of(RateLimitPolicy policy)
        => Descriptors.GetValue(policy, static policy => new PolicyDescriptor(policy));

    // As few bytes as the units need; beyond 32 bits a double, since not every struct.pack writes longer integers.
    private static int WidthOf(long capacity) => capacity switch
    {
        < 1L << 8 => 1,
        < 1L << 16 => 2,
        < 1L << 24 => 3,
        < 1L << 32 => 4,
        _ => 8,
    };

    private static byte[] Float(long number)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        return bytes;
    }
}
