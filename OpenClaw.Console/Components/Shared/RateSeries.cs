namespace OpenClaw.Console.Components.Shared;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Colour">A CSS colour.</param>
/// <param name="Points">Decisions a second, oldest first.</param>
public sealed record RateSeries(string Name, string Colour, IReadOnlyList<double> Points);
