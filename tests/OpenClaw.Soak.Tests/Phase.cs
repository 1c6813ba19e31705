using OpenClaw.Soak.Tests.Traffic;

namespace OpenClaw.Soak.Tests;

/// <summary>One fault with the traffic before, during and after it.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Besides">What else went on.</param>
internal sealed record Phase(string Fault, IReadOnlyList<string> Besides)
{
    public Answers Answers { get; } = new();

    /// <summary>Second of the run at which the phase began.</summary>
    public double Begin { get; init; }

    /// <summary>Seconds for which the fault lasted, until Redis was whole again.</summary>
    public double FaultSeconds { get; set; }

    /// <summary>Another server is the master than before: acknowledged charges may be lost.</summary>
    public bool FailedOver { get; set; }

    /// <summary>Seconds from a whole Redis until every limiter decided there again.</summary>
    public double Recovery { get; set; }

    /// <summary>Lines that the edges logged.</summary>
    public int LogLines { get; set; }

    /// <summary>Changes of rules made in the phase.</summary>
    public int RuleWrites { get; set; }

    public string Name => string.Join(" + ", [Fault, .. Besides]);

    /// <summary>Tokens of a bucket that a failover can lose or let two masters grant.</summary>
    public double Lost(double capacity, double rate) => FailedOver ? capacity + (rate * FaultSeconds) : 0;
}
