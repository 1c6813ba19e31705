namespace OpenClaw.Console.Tests.Hosting;

/// <summary>Tests that share a browser, a console and a fake edge, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Browser>
{
    public const string Name = "Browser";
}
