namespace OpenClaw.Soak.Tests.Faults;

/// <summary>Something that goes wrong, or changes, while requests are answered.</summary>
/// <param name="Name">Its name in messages and in the report.</param>
/// <param name="InjectAsync">Makes it happen, and returns when it is over.</param>
internal sealed record Fault(string Name, Func<Random, Task> InjectAsync);
