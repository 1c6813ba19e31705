using System.Collections.Concurrent;
using System.Net;
using CsCheck;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Tests.Overload;

public sealed class ConcurrencyGateTests
{
    private static readonly ClientAddress[] Someone = [.. Enumerable.Range(1, 1000).Select(i => ClientAddress.From(new IPAddress(i), 64))];

    [Theory]
    [InlineData(1000, null, 500)]
    [InlineData(3, null, 2)]
    [InlineData(1, null, 1)]
    [InlineData(10, 4, 4)]
    [InlineData(10, 10, 10)]
    public void Take_OneAddress_GetsItsShareAndOthersTheRest(int count, int? perAddress, int expected)
    {
        ConcurrencyGate gate = new(count, perAddress);

        Assert.All(Enumerable.Range(0, expected), _ => Assert.Null(gate.TryEnter(Someone[0])));
        Problem? above = gate.TryEnter(Someone[0]);

        Assert.Same(expected < count ? Refusal.AddressOverloaded : Refusal.Overloaded, above);
        Assert.All(Enumerable.Range(1, count - expected), i => Assert.Null(gate.TryEnter(Someone[i])));
        Assert.Same(Refusal.Overloaded, gate.TryEnter(Someone[^1]));
    }

    [Fact]
    public void TryEnter_LimitOfZero_OverloadedAndNoAddressIsKept()
    {
        ConcurrencyGate gate = new(0, null);

        Assert.Same(Refusal.Overloaded, gate.TryEnter(Someone[0]));
        Assert.Equal((0, 0), (gate.InFlight, gate.AddressCount));
    }

    /// <summary>Compares the gate with a model that counts requests per address. Addresses without a request must not be kept.</summary>
    [Fact]
    public void EnterAndExit_AnySequence_AsCountedByHand() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Select(Gen.Bool, Gen.Int[0, 5]).List[0, 100]).Sample((count, perAddress, steps) =>
        {
            ConcurrencyGate gate = new(count, perAddress);
            int[] held = new int[6];
            foreach ((bool takes, int who) in steps)
            {
                if (takes)
                {
                    Problem? expected = held.Sum() >= count
                        ? Refusal.Overloaded
                        : held[who] >= perAddress
                        ? Refusal.AddressOverloaded
                        : null;
                    Assert.Same(expected, gate.TryEnter(Someone[who]));
                    held[who] += expected is null ? 1 : 0;
                }
                else if (held[who] > 0)
                {
                    gate.Exit(Someone[who]);
                    held[who]--;
                }

                Assert.Equal((held.Sum(), held.Count(n => n > 0)), (gate.InFlight, gate.AddressCount));
            }
        });

    [Fact]
    public void EnterAndExit_ManyAtOnce_NoAddressExceedsItsLimitAndNothingIsLeftOver()
    {
        const int PerAddress = 3;
        ConcurrencyGate gate = new(12, PerAddress);
        ConcurrentDictionary<ClientAddress, int> held = new();
        int most = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            Random random = new(worker);
            Stack<ClientAddress> mine = new();
            for (int i = 0; i < 20_000; i++)
            {
                ClientAddress address = Someone[random.Next(5)];
                if (random.Next(2) == 0 && gate.TryEnter(address) is null)
                {
                    mine.Push(address);
                    InterlockedMax(ref most, held.AddOrUpdate(address, 1, (_, n) => n + 1));
                }
                else if (mine.TryPop(out ClientAddress last))
                {
                    // Counted down before Exit, so that this count is never above the real one.
                    held.AddOrUpdate(last, 0, (_, n) => n - 1);
                    gate.Exit(last);
                }
            }

            while (mine.TryPop(out ClientAddress last))
            {
                held.AddOrUpdate(last, 0, (_, n) => n - 1);
                gate.Exit(last);
            }
        });

        Assert.Equal(PerAddress, most);
        Assert.Equal((0, 0), (gate.InFlight, gate.AddressCount));
    }

    [Fact]
    public void EnterAndExit_AddressesComeAndGo_AllocatesNothing()
    {
        ConcurrencyGate gate = new(1000, null);
        ComeAndGo();
        long before = GC.GetAllocatedBytesForCurrentThread();

        ComeAndGo();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void ComeAndGo()
        {
            foreach (ClientAddress address in Someone)
            {
                gate.TryEnter(address);
                gate.Exit(address);
            }
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
