using System.Diagnostics;
using OpenTelemetry.Trace;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Records a number of complete traces per second. A trace that is not recorded costs one span object without tags, and no child
/// spans.</summary>
internal sealed class RateSampler(TracingOptions options, TimeProvider time) : Sampler
{
    private readonly RateGate _gate = new(options.Rate, time);
    private readonly bool _followCallers = options.FollowCallers;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        ActivityContext parent = samplingParameters.ParentContext;
        bool isRecorded = parent.TraceId != default && (_followCallers || !parent.IsRemote)
            ? (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0
            : !BackgroundSpans.IsRoot(samplingParameters) && _gate.TryPass();
        return new SamplingResult(isRecorded ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
