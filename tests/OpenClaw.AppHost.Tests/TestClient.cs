namespace OpenClaw.AppHost.Tests;

/// <summary>A client that the edge of a test knows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its API key.</param>
internal sealed record TestClient(string Id, string Key);
