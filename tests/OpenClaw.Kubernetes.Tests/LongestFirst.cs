using OpenClaw.Kubernetes.Tests.Podman;
using OpenClaw.Kubernetes.Tests.Publishing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(OpenClaw.Kubernetes.Tests.LongestFirst))]

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Starts the tests that take longest before all others, so that nothing waits for them at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [nameof(PodmanStack), nameof(PublishTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Longest.TakeWhile(name => !c.TestCollectionDisplayName.Contains(name)).Count())];
}
