namespace OpenClaw.Console.Edge.Model;

/// <summary>A hypothetical request: the body of <c>POST /try</c>.</summary>
public sealed record Trial(
    string Policy, string Address, string? Client, string? Method, string? Route, string? Header, long? Cost);
