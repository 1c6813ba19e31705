using CsCheck;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Usage;

namespace OpenClaw.Edge.Tests.Usage;

/// <summary>Counts of top clients against exact ones.</summary>
public sealed class FrequencyTests
{
    private static readonly Gen<(int Keys, double Exponent, int Capacity, int Additions, int Parts, int Seed)> Loads =
        from keys in Gen.Int[1, 2_000]
        from exponent in Gen.Double[0.2, 2]
        from capacity in Gen.Int[1, 300]
        from additions in Gen.Int[0, 5_000]
        from parts in Gen.Int[1, 12]
        from seed in Gen.Int
        select (keys, exponent, capacity, additions, parts, seed);

    [Fact]
    public void SpaceSaving_ZipfLoad_CountsAreWithinTheStatedError() => Loads.Sample(load =>
    {
        Zipf zipf = new(load.Keys, load.Exponent, load.Seed);
        SpaceSavingCounter<int> counters = new(load.Capacity);
        Dictionary<int, long> exact = [];
        for (int i = 0; i < load.Additions; i++)
        {
            int key = zipf.Next();
            counters.Add(key);
            exact[key] = exact.GetValueOrDefault(key) + 1;
        }

        Dictionary<int, long> counted = counters.Counts.ToDictionary();
        Assert.True(counters.Error <= load.Additions / load.Capacity);
        Assert.True(counted.Count <= load.Capacity);
        Assert.True(exact.Count > load.Capacity || counters.Error <= counted.Values.DefaultIfEmpty().Min());
        Assert.All(counted, entry => Assert.InRange(entry.Value, exact[entry.Key], exact[entry.Key] + counters.Error));
        Assert.All(exact.Where(entry => !counted.ContainsKey(entry.Key)), entry => Assert.True(entry.Value <= counters.Error));
    }, iter: 200);

    [Fact]
    public void Summary_MergedFromManyParts_CountsAreWithinTheStatedError() => Loads.Sample(load =>
    {
        Zipf zipf = new(load.Keys, load.Exponent, load.Seed);
        FrequencySummary<int> whole = new(load.Capacity);
        Dictionary<int, long> exact = [];
        for (int part = 0; part < load.Parts; part++)
        {
            SpaceSavingCounter<int> counters = new(load.Capacity);
            for (int i = 0; i < load.Additions / load.Parts; i++)
            {
                int key = zipf.Next();
                counters.Add(key);
                exact[key] = exact.GetValueOrDefault(key) + 1;
            }

            FrequencySummary<int> summary = new(load.Capacity);
            summary.Merge(counters);
            whole.Merge(summary);
        }

        Assert.True(whole.Error <= (double)exact.Values.Sum() / load.Capacity);
        Assert.True(whole.Counts.Count <= load.Capacity);
        Assert.All(exact, entry =>
        {
            long least = whole.Counts.GetValueOrDefault(entry.Key);
            Assert.InRange(entry.Value, least, least + whole.Error);
        });
    }, iter: 200);

    [Fact]
    public void TopClients_OfSeveralReplicas_AreWithinTheStatedError() => Loads.Sample(load =>
    {
        Zipf zipf = new(load.Keys, load.Exponent, load.Seed);
        Dictionary<string, long> exact = [];
        List<ReplicaTopClients> lists = [];
        for (int replica = 0; replica < 3; replica++)
        {
            SpaceSavingCounter<UsageKey> counters = new(load.Capacity);
            for (int i = 0; i < load.Additions / 3; i++)
            {
                string client = $"c{zipf.Next()}";
                counters.Add(new UsageKey("rating", new UsageSubject(client, default(ClientAddress))));
                exact[client] = exact.GetValueOrDefault(client) + 1;
            }

            FrequencySummary<UsageKey> summary = new(load.Capacity);
            summary.Merge(counters);
            lists.Add(ReplicaTopClients.Of(summary, reported: 20));
        }

        IReadOnlyList<FleetTopClient> top = FleetTopClients.Merge(lists, policy: null, count: 50);

        Assert.All(top, client => Assert.InRange(exact[client.Name], client.Count - client.ErrorAtMost, client.Count));
        if (exact.Count <= Math.Min(20, load.Capacity))
        {
            Assert.Equal(exact.Values.OrderDescending(), top.Select(client => client.Count));
            Assert.All(top, client => Assert.Equal(0, client.ErrorAtMost));
        }
    }, iter: 200);
}
