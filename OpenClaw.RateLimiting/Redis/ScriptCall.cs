using System.Buffers.Binary;
using OpenClaw.RateLimiting.Batching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Keys and arguments of one script call, in reusable buffers.</summary>
internal sealed class ScriptCall
{
    // Above every capacity, and still exact as a double.
    private const long Unpayable = BucketArithmetic.MaxUnits * 2;
    private const int EntryHead = 4;
    private const int EntryCharge = 9;

    private readonly List<RateLimitPolicy> _policies = [];
    private RedisKey[] _keys = new RedisKey[1];
    private RedisValue[] _values = new RedisValue[1 + PolicyDescriptor.Arguments];
    private byte[] _program = new byte[64];
    private int _length;

    public ReadOnlyMemory<RedisKey> Keys { get; private set; }

    public ReadOnlyMemory<RedisValue> Values { get; private set; }

    /// <summary>Encodes the batch for the script.</summary>
    public void Write(DecisionBatch batch, RedisNames names)
    {
        ReadOnlySpan<BatchPartition> partitions = batch.Partitions;
        _policies.Clear();
        Grow(ref _keys, partitions.Length);
        Grow(ref _program, partitions.Length + (batch.Entries.Length * (EntryHead + (ChargeValidator.MaxCharges * EntryCharge))));
        for (var i = 0; i < partitions.Length; i++)
        {
            _keys[i] = names.KeyOf(partitions[i].Key);
            _program[i] = (byte)(1 + IndexOf(partitions[i].Policy));
        }

        _length = partitions.Length;
        var raises = false;
        foreach (ref readonly BatchEntry entry in batch.Entries)
        {
            Write(entry);
            raises |= entry.Operation is Operation.Refund or Operation.Reset or Operation.Block or Operation.Grant;
        }

        int values = 1 + (PolicyDescriptor.Arguments * _policies.Count);
        Grow(ref _values, values + 1);
        _values[0] = _program.AsMemory(0, _length);
        for (var i = 0; i < _policies.Count; i++)
        {
            PolicyDescriptor policy = PolicyDescriptor.Of(_policies[i]);
            int at = 1 + (PolicyDescriptor.Arguments * i);
            _values[at] = policy.Layout;
            _values[at + 1] = policy.Format;
            _values[at + 2] = policy.Numbers;
        }

        if (raises)
        {
            _values[values++] = names.Channel;
        }

        Keys = _keys.AsMemory(0, partitions.Length);
        Values = _values.AsMemory(0, values);
    }

    private void Write(in BatchEntry entry)
    {
        _program[_length++] = (byte)(entry.Operation == Operation.Grant ? Operation.Refund : entry.Operation);
        BinaryPrimitives.WriteUInt16LittleEndian(_program.AsSpan(_length), (ushort)entry.Count);
        _length += sizeof(ushort);
        ReadOnlySpan<Charge> charges = entry.First.Charges;
        ReadOnlySpan<int> indexes = entry.First.Partitions;
        _program[_length++] = entry.Operation == Operation.Charge ? (byte)charges.Length : entry.First.Buckets;
        for (var i = 0; i < charges.Length; i++)
        {
            _program[_length++] = (byte)(1 + indexes[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(_program.AsSpan(_length), Math.Min(charges[i].Cost, Unpayable));
            _length += sizeof(double);
        }
    }

    private int IndexOf(RateLimitPolicy policy)
    {
        for (var i = 0; i < _policies.Count; i++)
        {
            if (_policies[i].HasSameLimits(policy))
            {
                return i;
            }
        }

        _policies.Add(policy);
        return _policies.Count - 1;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, array.Length * 2)];
        }
    }
}
