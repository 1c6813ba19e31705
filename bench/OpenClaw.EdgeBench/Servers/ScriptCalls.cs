namespace OpenClaw.EdgeBench.Servers;

/// <summary>Script calls that Redis counted, and the microseconds it spent in them.</summary>
internal readonly record struct ScriptCalls(long Calls, long Micros)
{
    public static ScriptCalls operator -(ScriptCalls left, ScriptCalls right) => new(left.Calls - right.Calls, left.Micros - right.Micros);
}
