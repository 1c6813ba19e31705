namespace OpenClaw.Soak.Tests.Accounting;

/// <summary>Holds what one bucket granted to capacity + rate × t, over every interval of the run. Each grant happened at an unknown moment
/// between the request and its answer.</summary>
/// <remarks>Let E(b) be what was answered until b and S(a) what was asked for before a. What was granted from a to b is at least
/// E(b) − S(a), so E(b) − S(a) ≤ capacity + rate × (b − a) for all a ≤ b. Only the least S(a) − rate × a so far has to be
/// kept.</remarks>
internal sealed class GrantLog(double capacity, double rate)
{
    // Clocks of this process and of Redis differ by what NTP corrects: at most 0.05 %, on either side.
    private const double ClockTolerance = 1.001;

    private readonly List<(double Time, long Cost, bool IsAnswer)> _events = [];
    private readonly double _rate = rate * ClockTolerance;
    private double _answered;
    private double _asked;
    private double _least = double.MaxValue;

    /// <summary>The highest share of what was allowed that was taken in any interval; 1 is exact use.</summary>
    public double Peak { get; private set; }

    /// <summary>Remembers a grant. Thread-safe.</summary>
    public void Add(double asked, double answered, long cost)
    {
        lock (_events)
        {
            _events.Add((asked, cost, false));
            _events.Add((answered, cost, true));
        }
    }

    /// <summary>Tokens granted since the last check.</summary>
    public long Unchecked
    {
        get
        {
            lock (_events)
            {
                return _events.Sum(item => item.IsAnswer ? item.Cost : 0);
            }
        }
    }

    /// <summary>Checks a phase when no request is under way.</summary>
    /// <param name="allowance">Tokens that this phase may grant beyond the bound: local shares, charges lost in a failover.</param>
    /// <returns>Tokens above the bound in the worst interval; 0 when it held.</returns>
    public double Check(double allowance)
    {
        double excess = 0;
        lock (_events)
        {
            _least = _least == double.MaxValue ? _least : _least + allowance;
            foreach ((double time, long cost, bool isAnswer) in _events.OrderBy(item => item.Time).ThenBy(item => item.IsAnswer))
            {
                if (!isAnswer)
                {
                    _least = Math.Min(_least, _asked - (_rate * time) + allowance);
                    _asked += cost;
                    continue;
                }

                _answered += cost;
                double above = _answered - (_rate * time) - _least;
                Peak = Math.Max(Peak, above / capacity);
                excess = Math.Max(excess, above - capacity);
            }

            _events.Clear();
        }

        // Sums of doubles; a token is a whole number.
        return excess > 0.01 ? excess : 0;
    }
}
