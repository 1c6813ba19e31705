using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>One run of one workload. Processor times are of the run, all cores, user and kernel.</summary>
/// <param name="Result">Results of wrk.</param>
/// <param name="TargetCpu">Of the edge or peer, child processes included.</param>
/// <param name="RedisCpu">Of Redis.</param>
/// <param name="UpstreamCpu">Of the rating API.</param>
/// <param name="Scripts">Script calls in Redis.</param>
internal sealed record Sample(WrkResult Result, TimeSpan TargetCpu, TimeSpan RedisCpu, TimeSpan UpstreamCpu, ScriptCalls Scripts)
{
    public double TargetMicros => PerRequest(TargetCpu);

    public double RedisMicros => PerRequest(RedisCpu);

    public double UpstreamMicros => PerRequest(UpstreamCpu);

    public double WrkMicros => PerRequest(Result.CpuTime);

    /// <summary>Cost of one request for the edge or peer and its Redis.</summary>
    public double ProxyMicros => TargetMicros + RedisMicros;

    /// <summary>Cost of one request for the whole machine. Depends less on other load than throughput.</summary>
    public double TotalMicros => TargetMicros + RedisMicros + UpstreamMicros + WrkMicros;

    public double ScriptCallsPerRequest => (double)Scripts.Calls / Result.Requests;

    /// <summary>The reason why the run is invalid, or null.</summary>
    public string? Fault(bool denied) => Result switch
    {
        { Requests: 0 } => "no answers",
        { Broken: > 0 } => $"{Result.Broken} broken connections",
        _ when !denied && Result.Refused > 0 => $"{Result.Refused} refusals where none were due",
        // The first request of a run may get a token that was refilled meanwhile.
        _ when denied && Result.Refused < Result.Requests - 2 => $"{Result.Requests - Result.Refused} successes where none were due",
        _ => null,
    };

    private double PerRequest(TimeSpan cpu) => cpu.TotalMicroseconds / Result.Requests;
}
