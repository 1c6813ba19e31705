using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace OpenClaw.RatingApi.Ratings;

/// <summary>
/// Counts of each score per subject, in memory. Bounded: a new subject replaces the least recently rated one.
/// Safe for concurrent use. One lock guards everything: a rating holds it for tens of nanoseconds, and a summary never sees a partly
/// recorded rating.
/// </summary>
internal sealed class RatingStore
{
    private readonly Lock _lock = new();
    private readonly int _maxSubjects;
    private readonly LinkedList<Entry> _leastRecentFirst = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    public RatingStore(IOptions<RatingOptions> options) => _maxSubjects = options.Value.MaxSubjects;

    /// <summary>Adds one rating.</summary>
    /// <param name="subject">What is rated; compared ordinally.</param>
    /// <param name="score"><see cref="Rating.MinScore"/> to <see cref="Rating.MaxScore"/>.</param>
    public void Record(string subject, int score)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(subject, out LinkedListNode<Entry>? node))
            {
                _leastRecentFirst.Remove(node);
            }
            else
            {
                EvictForOneMore();
                node = new LinkedListNode<Entry>(new Entry(subject));
                _entries.Add(subject, node);
            }

            _leastRecentFirst.AddLast(node);
            node.Value.Counts[score - Rating.MinScore]++;
        }
    }

    /// <summary>A consistent summary of all ratings of a subject.</summary>
    /// <returns>False when the subject has none, or has been evicted.</returns>
    public bool TryGetSummary(string subject, [NotNullWhen(true)] out RatingSummary? summary)
    {
        lock (_lock)
        {
            summary = _entries.TryGetValue(subject, out LinkedListNode<Entry>? node) ? RatingSummary.From(
                subject, node.Value.Counts) : null;
        }

        return summary is not null;
    }

    private void EvictForOneMore()
    {
        if (_entries.Count == _maxSubjects && _leastRecentFirst.First is { } oldest)
        {
            _leastRecentFirst.RemoveFirst();
            _entries.Remove(oldest.Value.Subject);
        }
    }

    private sealed class Entry(string subject)
    {
        public string Subject { get; } = subject;

        public long[] Counts { get; } = new long[Rating.MaxScore - Rating.MinScore + 1];
    }
}
