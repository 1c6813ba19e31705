using CsCheck;
using Microsoft.Extensions.Options;
using OpenClaw.RatingApi.Ratings;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class RatingStoreTests
{
    private const int MaxSubjects = 3;
    private static readonly string[] Subjects = ["a", "b", "c", "d", "e"];
    private static readonly Gen<string> SubjectGen = Gen.Int[0, Subjects.Length - 1].Select(i => Subjects[i]);

    [Fact]
    public void Record_AnySequence_MatchesAPlainModel() =>
        Gen.Const(() => (NewStore(), new Model()))
            .SampleModelBased(
                Gen.Select(SubjectGen, Gen.Int[Rating.MinScore, Rating.MaxScore]).Operation<RatingStore, Model>(
                    rating => $"Record{rating}",
                    (store, rating) => store.Record(rating.Item1, rating.Item2),
                    (model, rating) => model.Record(rating.Item1, rating.Item2)),
                equal: (store, model) => Describe(store) == model.Describe());

    [Fact]
    public void Record_InParallel_IsLinearizable() =>
        Gen.Const(NewStore)
            .SampleParallel(
                Gen.Select(SubjectGen, Gen.Int[Rating.MinScore, Rating.MaxScore]).Operation<RatingStore>(
                    rating => $"Record{rating}",
                    (store, rating) => store.Record(rating.Item1, rating.Item2)),
                equal: (one, other) => Describe(one) == Describe(other),
                iter: 200);

    [Fact]
    public async Task TryGetSummary_WhileOthersRecord_IsOfOneInstant()
    {
        const int Writers = 4;
        const int Rounds = 20_000;
        RatingStore store = NewStore();
        store.Record("a", 1);

        // Each writer records 1 and 5 in turn. Any instant has as many of one as of the other, give or take one per writer.
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                store.Record("a", 5);
                store.Record("a", 1);
            }
        }))];
        long last = 0;
        while (!Task.WhenAll(writers).IsCompleted)
        {
            Assert.True(store.TryGetSummary("a", out RatingSummary? summary));
            long ones = summary.Histogram["1"];
            long fives = summary.Histogram["5"];
            Assert.Equal(summary.Count, ones + fives);
            Assert.InRange(fives - ones, -1, Writers);
            Assert.Equal((ones + (5.0 * fives)) / summary.Count, summary.Mean, 0.0001);
            Assert.True(summary.Count >= last);
            last = summary.Count;
        }

        await Task.WhenAll(writers);
        Assert.True(store.TryGetSummary("a", out RatingSummary? final));
        Assert.Equal((2 * Writers * Rounds) + 1, final.Count);
    }

    private static RatingStore NewStore() => new(Options.Create(new RatingOptions { MaxSubjects = MaxSubjects }));

    private static string Describe(RatingStore store) => string.Join(' ', Subjects.Select(subject =>
        store.TryGetSummary(subject, out RatingSummary? summary)
            ? $"{subject}:{summary.Count}:{summary.Mean}:{string.Join(',', summary.Histogram.Values)}"
            : $"{subject}:none"));

    /// <summary>A simple reference implementation of the store.</summary>
    private sealed class Model
    {
        private List<(string Subject, List<int> Scores)> _oldestFirst = [];

        public void Record(string subject, int score)
        {
            List<int> scores = _oldestFirst.FirstOrDefault(entry => entry.Subject == subject).Scores ?? [];
            scores.Add(score);
            _oldestFirst = [.. _oldestFirst.Where(entry => entry.Subject != subject), (subject, scores)];
            _oldestFirst = [.. _oldestFirst.TakeLast(MaxSubjects)];
        }

        public string Describe() => string.Join(' ', Subjects.Select(subject =>
            _oldestFirst.FirstOrDefault(entry => entry.Subject == subject).Scores is { } scores
                ? $"{subject}:{scores.Count}:{Math.Round(scores.Average(), 4)}:"
                    + string.Join(',', Enumerable.Range(1, 5).Select(s => scores.Count(x => x == s)))
                : $"{subject}:none"));
    }
}
